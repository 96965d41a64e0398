// What people do, by the fields and buttons of the pages, so that it works in both languages.

import { expect } from './expect.mjs';

/** The sign-in of the first account with this role. */
export function signInOf(signIns, role) {
  const found = signIns.find((signIn) => signIn.role === role);
  if (!found) throw new Error(`the demonstration prints no sign-in of a ${role}`);
  return found;
}

/** The civil servant to whom the demonstration offers a few items more. */
export function signInAtOffer(signIns) {
  const found = signIns.find(({ login }) => login === 'pegawai-ditawari');
  if (!found) throw new Error('the demonstration prints no sign-in of somebody at an offer');
  return found;
}

export async function signIn(page, { login, password }, next = '/') {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await follow(page, page.locator('main button'));
}

/** Presses something that leads to another page, or to the same one anew, and waits until it is there. */
export async function follow(page, control) {
  const arrived = page.waitForEvent('domcontentloaded');
  await control.click();
  await arrived;
}

/** Switches the language where the page stands. */
export async function speak(page, language) {
  await follow(page, page.locator(`.languages button[value=${language}]`));
  await expect.attribute(page.locator('html'), 'lang', language);
}

/** The place of the open item: its form's address, which names the session and the position. */
export function placeOf(page) {
  return itemForm(page).getAttribute('action');
}

export function itemForm(page) {
  return page.locator('main form[data-fragment]');
}

/** Which of the six types the item on the page is. */
export async function kindOfItem(page) {
  const item = page.locator('fieldset.item');
  await item.waitFor();
  const kinds = {
    mark: '.document input[type=checkbox]',
    'single-choice': '.choices input[type=radio]',
    'multiple-choice': '.choices input[type=checkbox]',
    match: '.letters',
    order: 'select',
    numeric: 'input#a[inputmode=decimal]',
  };
  for (const [kind, sign] of Object.entries(kinds)) {
    if ((await item.locator(sign).count()) > 0) return kind;
  }
  throw new Error(`an item of no known type: ${await item.innerHTML()}`);
}

/** Fills in a complete answer, right or wrong; another one for another `turn`. Answers the type of the item. */
export async function fillIn(page, turn = 0) {
  const kind = await kindOfItem(page);
  const item = page.locator('fieldset.item');
  const labels = item.locator(kind === 'mark' ? '.document label' : '.choices label');
  const count = await labels.count();
  if (kind === 'single-choice') {
    await labels.nth(turn % count).click();
  } else if (kind === 'multiple-choice' || kind === 'mark') {
    await labels.nth(turn % count).click();
    await labels.nth((turn + 1) % count).click();
  } else if (kind === 'numeric') {
    await item.locator('#a').fill(String(turn + 1));
  } else {
    const selects = item.locator('select');
    for (let index = 0; index < (await selects.count()); index += 1) {
      await selects.nth(index).selectOption({ index: index + 1 });
    }
  }
  return kind;
}

/** Sends the answer on the page and waits for what comes next. */
export async function sendAnswer(page, button = itemForm(page).locator('button').first()) {
  const before = await placeOf(page);
  await button.click();
  await page.locator(`main form[data-fragment][action="${before}"]`).waitFor({ state: 'detached' });
  await page.locator('main h1').waitFor();
}

/** "I do not know": the quickest way on. */
export function skip(page) {
  return sendAnswer(page, itemForm(page).locator('button[name=skip]'));
}

/** From home to the first item of the first open assessment, without practice. */
export async function startTest(page) {
  await page.goto('/home');
  await follow(page, page.locator('main a.button[href$="/test"]').first());
  await follow(page, page.locator('main form[action$="/test"] button'));
  await itemForm(page).waitFor();
}

/** Goes on with `step` from item to item until the test ends; answers the number of items and their types. */
export async function finishTest(page, step) {
  const kinds = new Set();
  let items = 0;
  while ((await itemForm(page).count()) > 0) {
    if (items >= 30) throw new Error('the test goes on after 30 items');
    kinds.add(await kindOfItem(page));
    await step(items);
    items += 1;
  }
  await page.locator('main a.button[href^="/results/"], main form[action$="/offer"]').first().waitFor();
  const enough = page.locator('main form[action$="/offer"] button[value=enough]');
  if ((await enough.count()) > 0) await follow(page, enough);
  await page.locator('main a.button[href^="/results/"]').waitFor();
  return { items, kinds };
}
