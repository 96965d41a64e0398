// Every item of the bank as a candidate sees it, on a phone: nothing cut off, nothing that axe objects to; families in several
// variants; every kind of material answered with the keyboard alone; files downloaded and worked on.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { PHONE } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { speak } from '../harness/person.mjs';
import { preview } from '../harness/server.mjs';
import { rowsOf } from '../harness/workbook.mjs';

const ITEMS = resolve(import.meta.dirname, '../../content/items');
const DRAWS = Number(process.env.MELEK_DRAWS ?? 2);
const LANGUAGES = ['id', 'en'];
const RIGHT = { id: 'Dinilai benar.', en: 'Scored as right.' };
/** One item to mark or choose in for every kind of material. */
const BY_KEYBOARD = [
  '4.2-basic-51', '1.3-intermediate-52', '4.2-basic-52', '4.2-intermediate-52', '2.4-intermediate-51', '1.3-advanced-51',
  '1.3-intermediate-51', '1.3-basic-51', '4.2-intermediate-51', '4.1-basic-51', '2.4-basic-51',
];

/** Tells a story with a preview of the bank at hand; `at` is a window at one of its pages. */
function shown(name, tell) {
  return LANGUAGES.map((language) => ({
    name: `${name}, ${language}`,
    async tell(demonstration) {
      const server = await preview(ITEMS);
      try {
        const page = await demonstration.open({ size: PHONE });
        await page.goto(`${server.address}/`);
        if (language !== 'id') await speak(page, language);
        const at = (path) => page.goto(`${server.address}${path}`);
        await tell({ ...demonstration, page, at, language });
      } finally {
        await server.stop();
      }
    },
  }));
}

async function everyItem({ page, at, look, language }) {
  const paths = await page.locator('main li a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect.that(paths.length > 100, `${paths.length} items are shown`);
  for (const path of paths) {
    await at(path);
    const item = path.split('/')[1];
    await lookAt(page, look, `item ${item} ${language}`);
    const isFamily = (await page.locator(`main a[href^="/${item}/"]:not([download])`).count()) > 0;
    for (let draw = 2; isFamily && draw <= DRAWS; draw += 1) {
      await at(`/${item}/${draw}`);
      await lookAt(page, look, `item ${item} draw ${draw} ${language}`);
    }
  }
}

async function lookAt(page, look, name) {
  await look(page, name, { sizes: [PHONE], schemes: ['light'], pictures: false });
  const cut = await page.locator('main *').evaluateAll((all) => all.filter((one) => {
    const style = getComputedStyle(one);
    const hides = style.overflowX === 'hidden' || style.overflowX === 'clip' || style.textOverflow === 'ellipsis';
    return hides && !one.classList.contains('visually-hidden') && one.scrollWidth > one.clientWidth + 1;
  }).map((one) => one.outerHTML.slice(0, 120)));
  expect.equal(cut.join('\n'), '', `${name}: cut off`);
}

/** Reaches the first field and the button with Tab alone, answers with the space bar and Enter. */
async function byKeyboard({ page, at }) {
  for (const item of BY_KEYBOARD) {
    await at(`/${item}/1`);
    await tabTo(page, 'fieldset.item input');
    await page.keyboard.press('Space');
    await tabTo(page, 'main form button.button');
    await page.keyboard.press('Enter');
    await page.locator('main .notice[role=status]').waitFor();
  }
}

async function tabTo(page, selector) {
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`${selector} cannot be reached with Tab at ${page.url()}`);
}

async function download(page) {
  const arriving = page.waitForEvent('download');
  await page.locator('main p.file a').click();
  const file = await arriving;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

async function answer(page, language, number) {
  await page.locator('#a').fill(String(number));
  await page.locator('main form button.button').click();
  await expect.text(page.locator('main .notice[role=status]'), RIGHT[language]);
}

/** Adds up as a person would: filter two columns, sum a third. */
async function spreadsheet({ page, at, language }) {
  for (const draw of [3, 4]) {
    await at(`/1.3-intermediate-53/${draw}`);
    const { name, bytes } = await download(page);
    expect.equal(name, { id: 'perjalanan-dinas.xlsx', en: 'official-travel.xlsx' }[language], 'name of the file');
    const [, ...rows] = rowsOf(bytes);
    expect.equal(rows.length, 60, 'rows of the file');
    const asked = await page.locator('.item-stem').innerText();
    const approved = { id: 'disetujui', en: 'approved' }[language];
    const counted = rows.filter((row) => asked.includes(row[1]) && row[4] === approved);
    await answer(page, language, counted.reduce((sum, row) => sum + Number(row[3]), 0));
  }
}

async function tableOfValues({ page, at, language }) {
  await at('/1.3-advanced-52/5');
  const { name, bytes } = await download(page);
  expect.that(name.endsWith('.csv'), name);
  const [, ...rows] = bytes.toString('utf8').trim().split(/\r?\n/).map((line) => line.split(';'));
  const limit = Number(/(\d+) (hari|days)/.exec(await page.locator('.item-context').innerText())[1]);
  const kept = rows.filter((row) => (Date.parse(row[3]) - Date.parse(row[2])) / 86_400_000 <= limit);
  await answer(page, language, Math.round((100 * kept.length) / rows.length));
}

export default [
  ...shown('every item on a phone', everyItem),
  ...shown('every kind of material with the keyboard alone', byKeyboard),
  ...shown('a spreadsheet task with the downloaded file', spreadsheet),
  ...shown('a task with a downloaded table of values', tableOfValues),
];
