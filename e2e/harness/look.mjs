// A look at a page as it stands: accessible by axe's rules for WCAG 2.2 A and AA, in both colour schemes, and
// nothing to scroll sideways, down to 320 pixels. Pictures are kept for people to see.

import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import { DESK, NARROWEST, PHONE } from './browser.mjs';

const PICTURES = resolve(import.meta.dirname, '../screenshots');
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
};
const SCHEMES = ['light', 'dark'];

await mkdir(PICTURES, { recursive: true });

/** Collects what looks found. */
export class Findings {
  pages = new Set();
  looks = 0;
  violations = [];

  /** Looks at the page in these sizes and colour schemes; the first word of `name` names the page. */
  async look(page, name, { sizes = [PHONE, DESK], schemes = SCHEMES, pictures = true } = {}) {
    this.pages.add(name.split(' ')[0]);
    const before = page.viewportSize();
    for (const size of sizes) {
      for (const scheme of schemes) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme: scheme });
        const look = `${name} ${size.width} ${scheme}`;
        await this.#lookOnce(page, look);
        if (pictures && isPictured(size, scheme)) await takePicture(page, look);
      }
    }
    await page.emulateMedia({ colorScheme: SCHEMES[0] });
    await page.setViewportSize(NARROWEST);
    await this.#scrollsSideways(page, `${name} ${NARROWEST.width}`);
    await page.setViewportSize(before);
  }

  async #lookOnce(page, name) {
    this.looks += 1;
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${AXE};0`);
    const run = async (rules) => (await globalThis.axe.run(document, rules)).violations;
    for (const violation of await page.evaluate(run, RULES)) {
      const places = violation.nodes.map((node) => `${node.target.join(' ')}: ${node.html.slice(0, 160)}`);
      this.violations.push(`${name}: ${violation.id}: ${violation.help}\n    ${places.join('\n    ')}`);
    }
    await this.#scrollsSideways(page, name);
  }

  async #scrollsSideways(page, name) {
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return null;
      const outside = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
      return outside.slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
    });
    if (wide) this.violations.push(`${name}: scrolls sideways\n    ${wide.join('\n    ')}`);
  }
}

/** Dark pages of a desk look like dark ones of a phone with more room. */
function isPictured(size, scheme) {
  return scheme === 'light' || size !== DESK;
}

function takePicture(page, look) {
  return page.screenshot({ path: join(PICTURES, `${fileName(look)}.jpg`), fullPage: true, quality: 85 });
}

export function fileName(name) {
  return name.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').toLowerCase();
}
