// Runs the stories, some at a time: `node run.mjs [--report FILE] [--only WORDS]`.
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
/** A story waits for server and browser in turn; three keep two cores busy. */
const AT_A_TIME = 3;

async function stories() {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.mjs')).sort();
  const all = await Promise.all(files.map(async (file) => (await import(join(FOLDER, file))).default));
  return all.flat().filter((story) => story.name.includes(options.only ?? ''));
}

/** What went wrong, or undefined, and what looks at pages found. */
async function tell(story, demonstration, browser) {
  const findings = new Findings();
  const server = await demonstration.serve();
  const troubles = [];
  const pages = [];
  const open = async (wishes = {}) => {
    const page = await openWindow(browser, server.address, { ...wishes, troubles });
    pages.push(page);
    return page;
  };
  const look = (page, name, wishes) => findings.look(page, name, wishes);
  let trouble;
  try {
    await story.tell({ open, look, signIns: demonstration.signIns, address: server.address });
  } catch (error) {
    const pictures = pages.map((page, index) => {
      const path = join(import.meta.dirname, 'screenshots', `failed-${fileName(story.name)}-${index}.png`);
      return page.screenshot({ path, fullPage: true }).catch(() => undefined);
    });
    await Promise.all(pictures);
    const places = pages.map((page) => page.url()).join(' ');
    trouble = [error.stack, `windows at: ${places}`, server.complaints()].join('\n');
  } finally {
    await Promise.all(pages.map((page) => page.context().close()));
    await server.stop();
  }
  return { trouble: [trouble, ...troubles].filter(Boolean).join('\n'), findings };
}

const waiting = await stories();
const report = { stories: waiting.length, failed: [], looks: 0, violations: 0 };
const pages = new Set();

async function tellNext(demonstration, browser) {
  for (let story = waiting.shift(); story; story = waiting.shift()) {
    const started = performance.now();
    const { trouble, findings } = await tell(story, demonstration, browser);
    const failed = trouble !== '' || findings.violations.length > 0;
    if (failed) report.failed.push(story.name);
    report.looks += findings.looks;
    report.violations += findings.violations.length;
    findings.pages.forEach((page) => pages.add(page));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`  ${failed ? 'FAILED' : 'ok'}  ${story.name} (${seconds} s)`);
    for (const text of [trouble, ...findings.violations].filter(Boolean)) console.log(text.replace(/^/gm, '      '));
  }
}

const demonstration = await buildDemonstration();
const browser = await launch();
try {
  await Promise.all(Array.from({ length: AT_A_TIME }, () => tellNext(demonstration, browser)));
} finally {
  await browser.close();
  await demonstration.remove();
}
report.pages = pages.size;
if (options.report) await writeFile(options.report, JSON.stringify(report));
console.log(JSON.stringify(report));
process.exitCode = report.failed.length > 0 ? 1 : 0;
