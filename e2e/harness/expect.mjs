// What must be so, at once or soon, and what is said when it is not.

import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 10_000;
const STEP_MS = 50;

const fits = (found, expected) => (expected instanceof RegExp ? expected.test(found) : found === expected);

/** Asks again and again until `holds` agrees with what `ask` answers. */
async function soon(what, ask, holds) {
  const late = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > late) throw new Error(`${what}, but it is ${JSON.stringify(answer)}`);
    await pause(STEP_MS);
  }
}

export const expect = {
  that(condition, what) {
    if (!condition) throw new Error(what);
  },
  equal(found, expected, what) {
    if (found !== expected) throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  },
  /** Soon this many elements are there. */
  count: (locator, number) => soon(`${locator} should be there ${number} times`, () => locator.count(), (count) => count === number),
  /** Soon the text of the first such element holds these words. */
  text: (locator, words) => soon(`${locator} should say "${words}"`, () => locator.first().innerText(), (text) => text.includes(words)),
  /** Soon the attribute is this text, or fits this pattern. */
  attribute: (locator, name, value) =>
    soon(`${name} of ${locator} should be ${value}`, () => locator.getAttribute(name), (found) => fits(found, value)),
  /** Soon the page is at this path (a text, or a pattern). */
  path: (page, path) =>
    soon(`the page should be at ${path}`, async () => new URL(page.url()).pathname, (found) => fits(found, path)),
};
