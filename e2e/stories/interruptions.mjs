// What happens in the middle of a test: another language, a pause, another device, impatience, a lost connection.

import { expect } from '../harness/expect.mjs';
import {
  fillIn, follow, itemForm, placeOf, sendAnswer, signIn, signInOf, skip, speak, startTest,
} from '../harness/person.mjs';

/** A window in which the civil servant stands before the second item. */
async function inTheTest({ open, signIns }, wishes) {
  const page = await open(wishes);
  await signIn(page, signInOf(signIns, 'civil_servant'));
  await startTest(page);
  await skip(page);
  await isAt(page, 2);
  return page;
}

async function isAt(page, position) {
  await expect.attribute(itemForm(page), 'action', new RegExp(`^/sessions/[0-9a-f-]+/${position}$`));
}

const language = {
  name: 'another language in the middle of the test keeps the item',
  async tell(demonstration) {
    const page = await inTheTest(demonstration);
    const [place, question] = [await placeOf(page), await page.locator('.item-stem').innerText()];
    await speak(page, 'en');
    expect.equal(await placeOf(page), place, 'place after switching to English');
    expect.that((await page.locator('.item-stem').innerText()) !== question, 'the question is still in Indonesian');
    await speak(page, 'id');
    expect.equal(await placeOf(page), place, 'place after switching back');
    expect.equal(await page.locator('.item-stem').innerText(), question, 'question after switching back');
    // The choice lasts to the next item, and to the next device.
    await speak(page, 'en');
    await skip(page);
    await expect.attribute(page.locator('html'), 'lang', 'en');
    const other = await demonstration.open();
    await signIn(other, signInOf(demonstration.signIns, 'civil_servant'));
    await expect.attribute(other.locator('html'), 'lang', 'en');
  },
};

const pause = {
  name: 'a paused test goes on at another device',
  async tell(demonstration) {
    const first = await inTheTest(demonstration);
    const place = await placeOf(first);
    await follow(first, first.locator('main form[action$="/pause"] button'));
    await expect.count(itemForm(first), 0);
    await first.context().close();

    const second = await demonstration.open();
    await signIn(second, signInOf(demonstration.signIns, 'civil_servant'));
    await follow(second, second.locator('main a.button[href$="/test"]').first());
    await follow(second, second.locator('main form[action$="/resume"] button'));
    expect.equal(await placeOf(second), place, 'place after the pause');
    await fillIn(second);
    await sendAnswer(second);
    await isAt(second, 3);
  },
};

const impatience = {
  name: 'pressing twice answers one item',
  async tell(demonstration) {
    const page = await inTheTest(demonstration);
    await fillIn(page);
    await itemForm(page).locator('button').first().dblclick();
    await isAt(page, 3);
    await page.reload();
    await isAt(page, 3);
  },
};

function back(scripts, name) {
  return {
    name: `the Back button leads to the open item, ${name}`,
    async tell(demonstration) {
      const page = await inTheTest(demonstration, { scripts });
      await fillIn(page);
      await sendAnswer(page);
      await isAt(page, 3);
      await page.goBack();
      // What came before the item is either the item that is open now, or the way to it.
      if ((await itemForm(page).count()) === 0) await page.goto('/home');
      if ((await itemForm(page).count()) === 0) await follow(page, page.locator('main a.button[href$="/test"]').first());
      await isAt(page, 3);
      await fillIn(page);
      await sendAnswer(page);
      await isAt(page, 4);
    },
  };
}

function staleTab(scripts, name) {
  return {
    name: `an answer from a stale tab changes nothing and leads to the open item, ${name}`,
    async tell(demonstration) {
      const page = await inTheTest(demonstration, { scripts });
      const stale = await page.context().newPage();
      await stale.goto(page.url());
      await isAt(stale, 2);
      await fillIn(page);
      await sendAnswer(page);
      await isAt(page, 3);
      const question = await page.locator('.item-stem').innerText();
      await fillIn(stale, 1);
      await sendAnswer(stale);
      await isAt(stale, 3);
      expect.equal(await stale.locator('.item-stem').innerText(), question, 'question in the stale tab');
    },
  };
}

const offline = {
  name: 'an answer given offline stays and is sent when the connection is back',
  async tell(demonstration) {
    const page = await inTheTest(demonstration);
    const kind = await fillIn(page);
    const place = await placeOf(page);
    const chosen = await filledIn(page);
    await page.context().setOffline(true);
    await itemForm(page).locator('button').first().click();
    await expect.text(page.locator('#status'), 'Belum terkirim');
    expect.equal(await placeOf(page), place, 'place while offline');
    expect.equal(await filledIn(page), chosen, `the ${kind} answer while offline`);
    await page.context().setOffline(false);
    await isAt(page, 3);
    expect.equal(await page.locator('#status').innerText(), '', 'what is said when the answer has arrived');
    await page.reload();
    await isAt(page, 3);
  },
};

const unreachable = {
  name: 'an answer that the server cannot take yet is sent again by itself',
  async tell(demonstration) {
    const page = await inTheTest(demonstration);
    let refused = 0;
    await page.route('**/sessions/*/2', (route) => {
      refused += 1;
      if (refused === 1) return route.abort();
      if (refused === 2) return route.fulfill({ status: 503, headers: { 'retry-after': '1', 'x-expected': 'story' }, body: '' });
      return route.continue();
    });
    await fillIn(page);
    await itemForm(page).locator('button').first().click();
    await expect.text(page.locator('#status'), 'Belum terkirim');
    await isAt(page, 3);
    expect.equal(refused, 3, 'times the answer was sent');
  },
};

/** What is chosen or typed in the item on the page. */
function filledIn(page) {
  return itemForm(page).evaluate((form) => new URLSearchParams([...new FormData(form)].filter(([name]) => name.startsWith('a'))).toString());
}

export default [
  language, pause, impatience, back(true, 'with scripts'), back('off', 'without JavaScript'),
  staleTab(true, 'with scripts'), staleTab('off', 'without JavaScript'), offline, unreachable,
];
