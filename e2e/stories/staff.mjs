// The officer loads staff and hands out codes; new people sign in with them.

import { expect } from '../harness/expect.mjs';
import { follow, signIn, signInOf } from '../harness/person.mjs';
import { DAMAR, FAULTS, FAULTY_ROWS, LARAS, UNIT, downloadTemplate, pressForFile, upload } from '../harness/staff_file.mjs';
import { rowsOf } from '../harness/workbook.mjs';

const PASSWORD = 'kereta pagi ke Malang';

const load = {
  name: 'the officer loads a staff file, and a new person signs in with a code',
  async tell({ open, signIns }) {
    const page = await open({ size: { width: 1280, height: 900 } });
    await signIn(page, signInOf(signIns, 'officer'));
    const template = await downloadTemplate(page);
    await seesEveryFault(page, template);
    await seesDifferenceAndConfirms(page, template);
    const code = await getsCodes(page);
    const person = await open();
    await entersWithCode(person, code);
    // The code is spent, the password is not.
    const again = await open();
    await signIn(again, { login: LARAS['NIP BARU'], password: code });
    await again.locator('.error-summary').waitFor();
    await signIn(again, { login: LARAS['NIP BARU'], password: PASSWORD });
    await expect.path(again, '/home');
  },
};

async function seesEveryFault(page, template) {
  await upload(page, template, FAULTY_ROWS, 'pegawai keliru.xlsx');
  await expect.text(page.locator('main .notice.warning'), `${FAULTS} kesalahan dalam 4 baris`);
  const lines = page.locator('main table tbody tr');
  expect.equal(await lines.count(), FAULTS, 'faults shown');
  const file = rowsOf(await pressForFile(page, page.locator('main a[href$="/errors.xlsx"]')));
  expect.equal(file.length, FAULTS + 1, 'rows of the file of faults');
  for (let index = 0; index < FAULTS; index += 1) {
    const [, cell, , , reason] = file[index + 1];
    await expect.text(lines.nth(index), cell);
    await expect.text(lines.nth(index), reason);
  }
  await page.goto(`/staff?q=${encodeURIComponent('Laras Ayuningtyas')}`);
  await expect.count(page.locator('main table'), 0);
}

async function seesDifferenceAndConfirms(page, template) {
  const rows = [LARAS, DAMAR];
  await upload(page, template, rows);
  for (const { NAMA: name } of rows) await expect.count(page.locator('main table th[scope=row]', { hasText: name }), 1);
  await expect.text(page.locator('#counts'), 'Pegawai baru\n2');
  await follow(page, page.locator('main form:not([action$="/set-aside"]) button.button:not(.secondary)'));
  await page.locator('main .notice[role=status]').waitFor();
  for (const { NAMA: name } of rows) {
    await page.goto(`/staff?q=${encodeURIComponent(name)}`);
    await expect.count(page.locator('main table tbody tr', { hasText: UNIT }), 1);
  }
  // The same file again changes nothing.
  await upload(page, template, rows);
  await expect.text(page.locator('#counts'), 'Tidak berubah\n2');
  await expect.text(page.locator('#counts'), 'Pegawai baru\n0');
}

/** Codes for the new unit as a spreadsheet; answers that of Laras. */
async function getsCodes(page) {
  await page.goto('/staff/codes');
  await page.locator('#unit').selectOption({ label: await labelOf(page, UNIT) });
  const rows = rowsOf(await pressForFile(page, page.locator('main form[action="/staff/codes"] button')));
  expect.equal(rows.length, 3, 'rows of the file of codes');
  const row = rows.find((cells) => cells.includes(LARAS.NAMA));
  expect.that(!row.includes(LARAS['NIP BARU']), 'the file of codes shows a whole NIP');
  return row.find((cell) => /^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(cell));
}

/** The choice for a unit, which may be indented. */
async function labelOf(page, unit) {
  const labels = await page.locator('#unit option').allInnerTexts();
  return labels.find((label) => label.includes(unit));
}

async function entersWithCode(page, code) {
  await signIn(page, { login: '19880715 201203 2 004', password: code.toLowerCase() });
  await expect.path(page, '/password');
  await page.goto('/home');
  await expect.path(page, '/password');
  await setPassword(page, 'pendek', 'pendek');
  await page.locator('.error-summary').waitFor();
  await setPassword(page, PASSWORD, `${PASSWORD}!`);
  await page.locator('.error-summary').waitFor();
  await setPassword(page, PASSWORD, PASSWORD);
  await expect.path(page, '/home');
}

async function setPassword(page, password, again) {
  await page.locator('#new_password').fill(password);
  await page.locator('#again').fill(again);
  await follow(page, page.locator('main form[action="/password"] button'));
}

const reset = {
  name: 'the officer gives a new code to a person who forgot the password',
  async tell({ open, signIns }) {
    const { login } = signInOf(signIns, 'civil_servant');
    const person = await open();
    await signIn(person, signInOf(signIns, 'civil_servant'), '/account');
    const name = await person.locator('dl.facts dd').first().innerText();
    const page = await open();
    await signIn(page, signInOf(signIns, 'officer'));
    await page.goto(`/staff?q=${encodeURIComponent(name.replace(/,.*$/, ''))}`);
    await follow(page, page.locator('main table th a').first());
    await follow(page, page.locator('main form[action$="/code"] button'));
    const code = await page.locator('.slip .code').innerText();
    // Whoever was signed in is out, and the old password is worth nothing.
    await person.goto('/home');
    await expect.path(person, '/sign-in');
    await signIn(person, signInOf(signIns, 'civil_servant'));
    await person.locator('.error-summary').waitFor();
    await signIn(person, { login, password: code });
    await expect.path(person, '/password');
  },
};

const everywhere = {
  name: 'signing out everywhere ends the other device',
  async tell({ open, signIns }) {
    const [phone, office] = [await open(), await open()];
    for (const page of [phone, office]) {
      await signIn(page, signInOf(signIns, 'civil_servant'), '/account');
      await expect.path(page, '/account');
    }
    await expect.count(office.locator('main form[action="/account/sign-out"]'), 1);
    await follow(office, office.locator('main form[action$="/sign-out-everywhere"] button'));
    await expect.path(office, '/sign-in');
    await phone.goto('/home');
    await expect.path(phone, '/sign-in');
    await signIn(phone, signInOf(signIns, 'civil_servant'), '/account');
    await expect.count(phone.locator('main form[action="/account/sign-out"]'), 0);
  },
};

export default [load, reset, everywhere];
