// What the office sees: a campaign from its opening to the file for the report, and the answers that people wait for.

import { DESK } from '../harness/browser.mjs';
import { day } from '../harness/day.mjs';
import { expect } from '../harness/expect.mjs';
import { finishTest, follow, itemForm, signIn, signInOf, skip, startTest } from '../harness/person.mjs';
import { pressForFile } from '../harness/staff_file.mjs';
import { rowsOf } from '../harness/workbook.mjs';

const campaign = {
  name: 'the officer opens a campaign, sees who is missing and how wide the gaps are',
  async tell({ open, signIns }) {
    const page = await open({ size: DESK });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await signIn(page, signInOf(signIns, 'officer'));
    await expect.path(page, '/campaigns');
    const measured = await page.locator('main article a').first().getAttribute('href');
    await opensCampaign(page, open, signIns);
    await seesCoverage(page, measured);
    await seesGaps(page, measured);
  },
};

/** Opens one for everybody; the civil servant finds it at home and starts it. */
async function opensCampaign(page, open, signIns) {
  const title = 'Pemetaan susulan';
  await follow(page, page.locator('main a[href="/campaigns/new"]'));
  await follow(page, page.locator('main form button'));
  await page.locator('.error-summary').waitFor();
  await page.locator('#title').fill(title);
  await page.locator('#opens').fill(day(0));
  await page.locator('#closes').fill(day(10));
  await follow(page, page.locator('main form button'));
  await expect.text(page.locator('h1'), title);
  const waiting = page.locator('.figures .figure b');
  const [reached, before] = (await waiting.allInnerTexts()).map(Number);
  expect.equal(before, reached, 'people who have not started yet');

  const person = await open();
  await signIn(person, signInOf(signIns, 'civil_servant'));
  const card = person.locator('main article', { hasText: title });
  await follow(person, card.locator('a.button'));
  await follow(person, person.locator('main form[action$="/test"] button'));
  await itemForm(person).waitFor();
  await page.reload();
  expect.equal((await waiting.allInnerTexts()).map(Number)[1], before - 1, 'people who have not started now');
}

async function seesCoverage(page, path) {
  await page.goto(path);
  const [reached, waiting, started, finished] = (await page.locator('.figures .figure b').allInnerTexts()).map(Number);
  expect.equal(waiting + started + finished, reached, 'people of the campaign by how far they are');
  expect.that(finished > 0 && waiting > 0, `${finished} people have finished and ${waiting} have not started`);

  await page.locator('[data-copy="#reminder"]').click();
  await expect.text(page.locator('#status'), 'disalin');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect.equal(copied, await page.locator('#reminder').innerText(), 'the reminder in the clipboard');

  await follow(page, page.locator(`main a[href="${path}/people"]`));
  const unfinished = await page.locator('main table tbody tr').count();
  expect.equal(unfinished, Math.min(unfinished, waiting + started), 'people who have not finished');
  expect.that(unfinished > 0, 'nobody is on the list of people who have not finished');
  expect.equal(await page.locator('main .badge, main .figure').count(), 0, 'results on the list of people');
}

/** Has the report drawn up early; no figure in it stands for fewer than ten people. */
async function seesGaps(page, path) {
  await page.goto(`${path}/results`);
  page.once('dialog', (dialog) => dialog.accept());
  await follow(page, page.locator('main form[action$="/results"] button'));
  await page.locator('#groups').waitFor();
  const counts = await page.locator('main td.number').allInnerTexts();
  for (const count of counts) {
    const people = Number(/^\d+/.exec(count.replace(/[.,]/g, ''))?.[0] ?? 0);
    expect.that(people === 0 || people >= 10, `a figure stands for ${count} people`);
  }
  expect.that(counts.some((count) => count.includes('%')), 'no unit and no post is shown');
  expect.that((await page.locator('main figure svg[role=img]').count()) >= 5, 'the gaps of the five areas are not drawn');
  const another = page.locator('#groups nav a:not([aria-current])').first();
  await follow(page, another);
  await expect.count(page.locator('#groups nav a[aria-current=page]'), 1);

  const file = rowsOf(await pressForFile(page, page.locator('main a[href$="/results.xlsx"]')));
  expect.that(file.length > 5, 'the file for the report is nearly empty');
}

const dispute = {
  name: 'somebody disagrees with a result and reads the answer of the officer',
  async tell({ open, signIns }) {
    const statement = 'Saya mengelola pusat data setiap hari, tetapi hasilnya tidak menunjukkan hal itu.';
    const reply = 'Terima kasih. Kami jadwalkan pengukuran ulang bersama Anda pekan depan.';
    const person = await open();
    await signIn(person, signInOf(signIns, 'civil_servant'));
    await startTest(person);
    await finishTest(person, () => skip(person));
    await follow(person, person.locator('main a.button[href^="/results/"]'));
    const result = person.url();
    await follow(person, person.locator('main a[href$="/disagree"]'));
    await person.locator('#statement').fill(statement);
    await follow(person, person.locator('main form button'));
    await expect.text(person.locator('main'), statement);

    const officer = await open({ size: DESK });
    await signIn(officer, signInOf(signIns, 'officer'));
    await follow(officer, officer.locator('nav a[href="/disputes"]'));
    await findDispute(officer, statement);
    await officer.locator('#reply').fill('Ya.');
    await follow(officer, officer.locator('main form button'));
    await officer.locator('.error-summary').waitFor();
    await officer.locator('#reply').fill(reply);
    await follow(officer, officer.locator('main form button'));
    await expect.count(officer.locator('#reply'), 0);

    await person.goto(result);
    await expect.text(person.locator('main'), reply);
    expect.equal(await person.locator('main a[href$="/disagree"]').count(), 0, 'ways to disagree once more');
  },
};

/** Opens the disagreement with this statement; the newest one that waits stands first. */
async function findDispute(page, statement) {
  await follow(page, page.locator('main table th a').first());
  await expect.text(page.locator('main'), statement);
}

const report = {
  name: 'a report about an item reaches the item writer, who closes it',
  async tell({ open, signIns }) {
    const note = 'Dua pilihan sama-sama benar menurut aturan kantor kami.';
    const person = await open();
    await signIn(person, signInOf(signIns, 'civil_servant'));
    await startTest(person);
    const [place, question] = [await itemForm(person).getAttribute('action'), await person.locator('.item-stem').innerText()];
    await person.locator('main details:has(#note) summary').click();
    await person.locator('#note').fill(note);
    await follow(person, person.locator('main form[action$="/flag"] button'));
    await person.locator('main .notice[role=status]').waitFor();
    expect.equal(await itemForm(person).getAttribute('action'), place, 'place after the report');

    const writer = await open({ size: DESK });
    await signIn(writer, signInOf(signIns, 'item_writer'));
    await expect.path(writer, '/item-flags');
    const item = await findReport(writer, note);
    await expect.text(writer.locator('main'), note);
    await expect.text(writer.locator('main'), question);
    await follow(writer, writer.locator('main form button'));
    await expect.path(writer, '/item-flags');
    await writer.goto(item);
    await expect.text(writer.locator('main'), note);
    await expect.count(writer.locator('main form'), 0);
  },
};

/** Opens items with reports, of which those with the most open ones stand first, until one has this note; where that is. */
async function findReport(page, note) {
  const links = page.locator('main table tbody tr a');
  const items = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  for (const item of items) {
    await page.goto(new URL(item, page.url()).href);
    if ((await page.locator('main').innerText()).includes(note)) return item;
  }
  throw new Error(`none of the ${items.length} items has the report`);
}

export default [campaign, dispute, report];
