// The main job: a civil servant signs in on a phone, practises, answers until the test ends, sees profile and gap.

import { PHONE } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import {
  fillIn, finishTest, follow, kindOfItem, sendAnswer, signIn, signInAtOffer, signInOf, speak,
} from '../harness/person.mjs';

const TYPES = ['mark', 'match', 'multiple-choice', 'numeric', 'order', 'single-choice'];
const WORDS = {
  id: { scale: 'Skala 500', learn: 'Langkah belajar berikutnya' },
  en: { scale: 'Scale 500', learn: 'What to learn next' },
};

function measured(name, { language, scripts }) {
  return {
    name: `a civil servant is measured, ${name}`,
    async tell({ open, signIns }) {
      const page = await open({ size: PHONE, scripts });
      await signIn(page, signInOf(signIns, 'civil_servant'));
      await expect.path(page, '/home');
      await expect.attribute(page.locator('html'), 'lang', 'id');
      if (language !== 'id') await speak(page, language);

      await follow(page, page.locator('main a.button[href$="/test"]').first());
      await follow(page, page.locator('main a.button[href*="/practice/"]'));
      expect.equal((await practise(page)).join(), TYPES.join(), 'types of item in the practice');

      const { items } = await finishTest(page, async (turn) => {
        await fillIn(page, turn);
        await sendAnswer(page);
      });
      expect.that(items >= 12 && items <= 30, `the test ended after ${items} items`);
      await follow(page, page.locator('main a.button[href^="/results/"]'));
      await seesProfileAndGap(page, { language, scripts });

      const result = new URL(page.url()).pathname;
      await page.goto('/home');
      await expect.count(page.locator(`main a[href="${result}"]`), 1);
    },
  };
}

/** Tries every practice item, is told how it was, and starts the test; answers the types seen. */
async function practise(page) {
  const types = new Set();
  for (;;) {
    types.add(await kindOfItem(page));
    await fillIn(page);
    await page.locator('main form[data-fragment] button').click();
    await page.locator('main .notice[role=status]').waitFor();
    const next = page.locator('main a.button[href*="/practice/"]');
    if ((await next.count()) === 0) break;
    await follow(page, next);
  }
  await follow(page, page.locator('main form[action$="/test"] button'));
  return [...types].sort();
}

async function seesProfileAndGap(page, { language, scripts }) {
  await expect.attribute(page.locator('html'), 'lang', language);
  await expect.text(page.locator('main'), WORDS[language].scale);
  const overall = Number(await page.locator('.figure b').first().innerText());
  expect.that(overall > 100 && overall < 900, `the overall figure is ${overall}`);
  await expect.count(page.locator('svg.interval[role=img]'), 5);
  const areas = page.locator('article.card');
  await expect.count(areas, 5);
  let gaps = 0;
  for (let index = 0; index < 5; index += 1) {
    const area = areas.nth(index);
    expect.equal(await area.locator('.badge').count(), 1, `badges of area ${index + 1}`);
    const steps = await area.locator('ol li').count();
    expect.that(steps <= 3, `area ${index + 1} names ${steps} things to learn`);
    if ((await area.locator('.badge.unmet').count()) === 0) continue;
    gaps += 1;
    expect.that(steps > 0, `area ${index + 1} is not met and names nothing to learn`);
    await expect.text(area, WORDS[language].learn);
  }
  // Whoever answers without reading the questions has gaps.
  expect.that(gaps > 0, 'no area shows a gap');
  expect.equal(await page.locator('[data-print]').isVisible(), scripts === true, 'whether the button for printing shows');
}

/** A few items more, all of the area that is not clear, and then the result. */
const offered = {
  name: 'a civil servant to whom a few items more are offered answers them and finishes',
  async tell({ open, signIns }) {
    const page = await open({ size: PHONE, scripts: 'off' });
    await signIn(page, signInAtOffer(signIns));
    await follow(page, page.locator('main a.button[href$="/test"]').first());
    const most = Number((await page.locator('main form button[value=more]').innerText()).match(/\d+/)[0]);
    await follow(page, page.locator('main form button[value=more]'));
    const { items } = await finishTest(page, async (turn) => {
      await fillIn(page, turn);
      await sendAnswer(page);
    });
    expect.that(items >= 1 && items <= most, `${items} items came and ${most} were offered`);
    await follow(page, page.locator('main a.button[href^="/results/"]'));
    await expect.count(page.locator('article.card'), 5);
  },
};

export default [
  offered,
  measured('in Indonesian', { language: 'id', scripts: true }),
  measured('in English', { language: 'en', scripts: true }),
  measured('without JavaScript', { language: 'id', scripts: 'off' }),
];
