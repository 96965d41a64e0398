// Runs the stories one after the other: `node run.mjs [--report FILE] [--only WORDS]`.
//
// A story is `{ name, tell }`; `tell` gets a demonstration of its own: `open` gives windows in the browser,
// `look` checks a page as it stands, `signIns` are the people whom the demonstration can sign in.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { launch, openWindow } from './harness/browser.mjs';
import { Findings, fileName } from './harness/look.mjs';
import { buildDemonstration } from './harness/server.mjs';

const { values: options } = parseArgs({ options: { report: { type: 'string' }, only: { type: 'string' } } });
const FOLDER = join(import.meta.dirname, 'stories');

async function stories() {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.mjs')).sort();
  const all = await Promise.all(files.map(async (file) => (await import(join(FOLDER, file))).default));
  return all.flat().filter((story) => story.name.includes(options.only ?? ''));
}

/** What went wrong, or undefined. */
async function tell(story, demonstration, browser, findings) {
  const server = await demonstration.serve();
  const troubles = [];
  const pages = [];
  const open = async (wishes = {}) => {
    const page = await openWindow(browser, server.address, { ...wishes, troubles });
    pages.push(page);
    return page;
  };
  const look = (page, name, sizes) => findings.look(page, name, sizes);
  try {
    await story.tell({ open, look, signIns: demonstration.signIns, address: server.address, findings });
    return troubles.length > 0 ? troubles.join('\n') : undefined;
  } catch (error) {
    const pictures = pages.map((page, index) => {
      const path = join(import.meta.dirname, 'screenshots', `failed-${fileName(story.name)}-${index}.png`);
      return page.screenshot({ path, fullPage: true }).catch(() => undefined);
    });
    await Promise.all(pictures);
    const places = pages.map((page) => page.url()).join(' ');
    return [error.stack, `windows at: ${places}`, ...troubles, server.said()].join('\n');
  } finally {
    await Promise.all(pages.map((page) => page.context().close()));
    await server.stop();
  }
}

const chosen = await stories();
const findings = new Findings();
const failed = [];
const demonstration = await buildDemonstration();
const browser = await launch();
try {
  for (const story of chosen) {
    const started = performance.now();
    const known = findings.violations.length;
    const trouble = await tell(story, demonstration, browser, findings);
    const violations = findings.violations.slice(known);
    if (trouble || violations.length > 0) failed.push(story.name);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`  ${trouble || violations.length > 0 ? 'FAILED' : 'ok'}  ${story.name} (${seconds} s)`);
    for (const text of [trouble, ...violations].filter(Boolean)) console.log(text.replace(/^/gm, '      '));
  }
} finally {
  await browser.close();
  await demonstration.remove();
}
const report = {
  stories: chosen.length,
  failed,
  pages: findings.pages.size,
  looks: findings.looks,
  violations: findings.violations.length,
};
if (options.report) await writeFile(options.report, JSON.stringify(report));
console.log(JSON.stringify(report));
process.exitCode = failed.length > 0 ? 1 : 0;
