// A look at every page of guests and of each role: all that links lead to, and what only forms bring about.

import { crawl } from '../harness/crawl.mjs';
import { day } from '../harness/day.mjs';
import { expect } from '../harness/expect.mjs';
import {
  fillIn, finishTest, follow, itemForm, kindOfItem, signIn, signInAtOffer, signInOf, skip, startTest,
} from '../harness/person.mjs';
import { DAMAR, FAULTY_ROWS, LARAS, UNIT, downloadTemplate, upload } from '../harness/staff_file.mjs';
import { tours } from '../harness/tour.mjs';

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** A word for the pictures and the list of pages: `staff-import-id` of `/staff/import/:id`. */
const pageName = (kind) => kind.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '') || 'front';

async function crawlAndLook(tour, page, from, known = []) {
  return crawl(page, from, async (kind) => {
    if (!known.includes(kind)) await tour.look(page, `${tour.who}-${pageName(kind)}`.replaceAll(' ', '-'));
  });
}

const OPEN_TO_ALL = ['/about', '/framework', '/framework/:id'];

async function guest(tour) {
  const page = await tour.open();
  const kinds = await crawlAndLook(tour, page, ['/sign-in']);
  for (const kind of OPEN_TO_ALL) expect.that(kinds.has(kind), `no link leads a guest to ${kind}`);

  await page.goto('/no/such/page');
  await tour.look(page, 'not-found');
  await page.goto('/staff?q=ani');
  await expect.path(page, '/sign-in');
  await signIn(page, { login: 'siapa', password: 'entah apa' });
  await tour.look(page, 'sign-in-refused');
  await page.locator('input[name=csrf]').evaluateAll((all) => all.forEach((field) => { field.value = 'x'; }));
  await follow(page, page.locator('main form button'));
  await tour.look(page, 'form-expired');
  for (let attempt = 0; attempt < 10; attempt += 1) await signIn(page, { login: 'siapa', password: 'entah apa' });
  await tour.look(page, 'too-many-attempts');
}

async function civilServant(tour) {
  const page = await tour.open();
  const account = signInOf(tour.demonstration.signIns, 'civil_servant');
  await signIn(page, account);
  await signIn(await tour.open(), account);
  await crawlAndLook(tour, page, ['/home', '/account'], OPEN_TO_ALL);
  await page.goto('/home');
  await tour.lookUnfolded(page, 'home-menu', '.menu');
  await page.goto('/staff');
  await tour.look(page, 'forbidden');
  await page.goto(`/results/${NOBODY}`);
  await tour.look(page, 'result-not-found');
  await wrongPassword(tour, page);
  await practice(tour, page);
  await test(tour, page);
  await result(tour, page);
  await offer(tour);
}

async function wrongPassword(tour, page) {
  await page.goto('/password');
  for (const [field, text] of [['present', 'salah'], ['new_password', 'satu sandi baru'], ['again', 'sandi lain']]) {
    await page.locator(`#${field}`).fill(text);
  }
  await follow(page, page.locator('main form button'));
  await tour.look(page, 'password-refused');
}

/** Every type of item: fresh, sent without an answer, and tried. */
async function practice(tour, page) {
  await page.goto('/home');
  await follow(page, page.locator('main a.button[href$="/test"]').first());
  await follow(page, page.locator('main a.button[href*="/practice/"]'));
  for (;;) {
    await tour.look(page, `item-${await kindOfItem(page)}-fresh`);
    await itemForm(page).locator('button').click();
    await page.locator('.error-summary').waitFor();
    const kind = await fillIn(page, 1);
    await tour.look(page, `item-${kind}-incomplete`);
    await itemForm(page).locator('button').click();
    await page.locator('main .notice[role=status]').waitFor();
    await tour.look(page, `item-${kind}-tried`);
    const next = page.locator('main a.button[href*="/practice/"]');
    if ((await next.count()) === 0) break;
    await follow(page, next);
  }
}

async function test(tour, page) {
  await startTest(page);
  await tour.lookUnfolded(page, 'test-item');
  await page.locator('#note').fill('Dua jawaban tampak benar.');
  await follow(page, page.locator('main form[action$="/flag"] button'));
  await tour.look(page, 'test-item-reported');
  await itemForm(page).locator('button').first().click();
  await page.locator('.error-summary').waitFor();
  await tour.look(page, 'test-item-incomplete');
  await follow(page, page.locator('main form[action$="/pause"] button'));
  await tour.look(page, 'test-paused');
  await follow(page, page.locator('main form[action$="/resume"] button'));
  await finishTest(page, () => skip(page));
  await tour.look(page, 'test-finished');
}

/** Somebody whose test could end, and to whom a few items more are offered. */
async function offer(tour) {
  const page = await tour.open();
  await signIn(page, signInAtOffer(tour.demonstration.signIns));
  await page.goto('/home');
  await follow(page, page.locator('main a.button[href$="/test"]').first());
  await tour.look(page, 'test-offer');
  await follow(page, page.locator('main button[value=more]'));
  await itemForm(page).waitFor();
  await tour.look(page, 'test-item-after-offer');
}

async function result(tour, page) {
  await follow(page, page.locator('main a.button[href^="/results/"]'));
  await tour.look(page, 'result');
  await tour.lookUnfolded(page, 'result-with-tables');
  await follow(page, page.locator('main a[href$="/disagree"]'));
  await tour.look(page, 'disagree');
  await follow(page, page.locator('main form button'));
  await tour.look(page, 'disagree-empty');
  await disagree(page);
  await tour.look(page, 'result-disagreed');
  await page.goto('/home');
  await tour.look(page, 'home-finished');
}

async function officer(tour) {
  const page = await tour.open();
  await signIn(page, signInOf(tour.demonstration.signIns, 'officer'));
  await crawlAndLook(tour, page, ['/', '/account'], OPEN_TO_ALL);
  await page.goto('/staff?q=tidak+ada+yang+bernama+begini');
  await tour.look(page, 'staff-none-found');
  await page.goto('/home');
  await tour.look(page, 'forbidden');
  await campaigns(tour, page);
  await disputes(tour, page);
  await staffFile(tour, page);
  await codes(tour, page);
  await page.goto('/posts');
  await follow(page, page.locator('main table th a').first());
  await follow(page, page.locator('main form button[value=save]'));
  await tour.look(page, 'post-saved');
}

/** The report of a campaign that still runs, before it is drawn up and after, and that of one that is over. */
async function reports(tour, page) {
  await page.goto('/campaigns');
  const running = await page.locator('main article a').first().getAttribute('href');
  const over = await page.locator('main article a').last().getAttribute('href');
  await page.goto(`${running}/results`);
  await tour.look(page, 'report-offered');
  page.once('dialog', (dialog) => dialog.accept());
  await follow(page, page.locator('main form[action$="/results"] button'));
  await tour.look(page, 'report-drawn-up');
  await tour.lookUnfolded(page, 'report-with-tables');
  await page.goto(over);
  await tour.look(page, 'campaign-over');
  await page.goto(`${over}/results`);
  await tour.look(page, 'report-of-campaign-over');
}

/** A campaign that begins tomorrow, as the office and a civil servant see it. */
async function campaigns(tour, page) {
  await reports(tour, page);
  await page.goto('/campaigns/new');
  await page.locator('#opens').fill(day(9));
  await page.locator('#closes').fill(day(2));
  await follow(page, page.locator('main form button'));
  await tour.look(page, 'campaign-refused');
  await page.locator('#title').fill('Pemetaan kompetensi digital menjelang penyusunan rencana kerja 2027');
  await page.locator('#opens').fill(day(1));
  await follow(page, page.locator('main form button'));
  await tour.look(page, 'campaign-coming');
  const path = new URL(page.url()).pathname;
  await page.goto(`${path}/results`);
  await tour.look(page, 'campaign-no-results');
  await page.goto(path);
  await page.locator('#closes').fill(day(-1));
  await follow(page, page.locator('main form[action$="/closing"] button'));
  await tour.look(page, 'campaign-closing-refused');

  const person = await tour.open();
  await signIn(person, signInOf(tour.demonstration.signIns, 'civil_servant'));
  await person.goto(`${path}/test`);
  await tour.look(person, 'test-not-open-yet');
}

/** A disagreement that waits, with an answer that is too short, and answered. */
async function disputes(tour, page) {
  const person = await tour.open();
  await signIn(person, signInOf(tour.demonstration.signIns, 'civil_servant'));
  await disagree(person);
  await page.goto('/disputes');
  await tour.look(page, 'disputes-waiting');
  await follow(page, page.locator('main table th a').first());
  await tour.look(page, 'dispute-waiting');
  await follow(page, page.locator('main form button'));
  await tour.look(page, 'dispute-refused');
  await page.locator('#reply').fill('Terima kasih. Kami jadwalkan pengukuran ulang bersama Anda pekan depan.');
  await follow(page, page.locator('main form button'));
  await tour.look(page, 'dispute-answered');
  await person.goto('/home');
  await follow(person, person.locator('main a[href^="/results/"]').first());
  await tour.look(person, 'result-answered');
}

/** States a disagreement with the last result. */
async function disagree(page) {
  await page.goto('/home');
  await follow(page, page.locator('main a[href^="/results/"]').first());
  await follow(page, page.locator('main a[href$="/disagree"]'));
  await page.locator('#statement').fill('Saya mengelola pusat data setiap hari, tetapi hasilnya tidak menunjukkan hal itu.');
  await follow(page, page.locator('main form button'));
}

async function itemWriter(tour) {
  const person = await tour.open();
  await signIn(person, signInOf(tour.demonstration.signIns, 'civil_servant'));
  await startTest(person);
  await person.locator('main details:has(#note) summary').click();
  await person.locator('#note').fill('Dua pilihan sama-sama benar menurut aturan kantor kami.');
  await follow(person, person.locator('main form[action$="/flag"] button'));

  const page = await tour.open();
  await signIn(page, signInOf(tour.demonstration.signIns, 'item_writer'));
  await crawlAndLook(tour, page, ['/', '/account'], OPEN_TO_ALL);
  await page.goto('/item-flags');
  await follow(page, page.locator('main table th a').first());
  await tour.look(page, 'item-report-open');
  const path = page.url();
  await follow(page, page.locator('main form button'));
  await page.goto(path);
  await tour.look(page, 'item-report-closed');
  await page.goto('/staff');
  await tour.look(page, 'forbidden');
}

async function staffFile(tour, page) {
  const template = await downloadTemplate(page);
  await follow(page, page.locator('main form[enctype] button'));
  await tour.look(page, 'import-no-file');
  await upload(page, template, FAULTY_ROWS, 'pegawai keliru.xlsx');
  await tour.lookUnfolded(page, 'import-faulty');
  await follow(page, page.locator('main form[action$="/set-aside"] button'));
  await tour.look(page, 'import-set-aside');
  await upload(page, template, [LARAS, DAMAR]);
  await tour.look(page, 'import-new');
  await follow(page, page.locator('main form:not([action$="/set-aside"]) button.button:not(.secondary)'));
  await tour.look(page, 'import-saved');
  // One with another number, one in another unit, and somebody new.
  const renumbered = { ...LARAS, 'NIP BARU': '198807152012032005' };
  const moved = { ...DAMAR, 'UNOR NAMA': `${UNIT} Kedua`, 'GELAR BELAKANG': 'S.Kom.' };
  const added = { ...LARAS, 'NIP BARU': '199505052019032003', NAMA: 'Nina Kartika', 'TANGGAL LAHIR': '05-05-1995' };
  await upload(page, template, [renumbered, moved, added]);
  await tour.lookUnfolded(page, 'import-difference');
  await page.goto('/staff/import');
  await tour.look(page, 'import-recent');
}

async function codes(tour, page) {
  await page.goto('/staff/codes');
  const labels = await page.locator('#unit option').allInnerTexts();
  await page.locator('#unit').selectOption({ label: labels.find((label) => label.includes(UNIT)) });
  await page.locator('input[name=form][value=slips]').check();
  await follow(page, page.locator('main form[action="/staff/codes"] button'));
  await tour.look(page, 'code-slips');
  const code = await page.locator('.slip', { hasText: LARAS.NAMA }).locator('.code').innerText();
  await page.goto('/staff/codes');
  await page.locator('#unit').selectOption({ label: labels.find((label) => label.includes(UNIT)) });
  await follow(page, page.locator('main form[action="/staff/codes"] button'));
  await tour.look(page, 'codes-nobody');

  const person = await tour.open();
  await signIn(person, { login: LARAS['NIP BARU'], password: code });
  await tour.look(person, 'password-first');
  await person.locator('#new_password').fill('pendek');
  await person.locator('#again').fill('pendek');
  await follow(person, person.locator('main form button'));
  await tour.look(person, 'password-too-short');
}

export default [
  ...tours('officer', officer),
  ...tours('civil servant', civilServant),
  ...tours('item writer', itemWriter),
  ...tours('guest', guest),
];
