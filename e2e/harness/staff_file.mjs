// Staff lists as an officer fills them in, from the blank template that the program offers.

import { readFile } from 'node:fs/promises';

import { filled } from './workbook.mjs';

/** A unit that no demonstration has. */
export const UNIT = 'Unit Pelaksana Teknis Cerita Peramban';

const SHARED = {
  'JENIS PEGAWAI NAMA': 'PNS',
  'JENIS JABATAN NAMA': 'Jabatan Fungsional',
  'JABATAN NAMA': 'Pranata Komputer Ahli Pertama',
  'UNOR NAMA': UNIT,
};

export const LARAS = { 'NIP BARU': '198807152012032004', NAMA: 'Laras Ayuningtyas', 'TANGGAL LAHIR': '15-07-1988', ...SHARED };
export const DAMAR = { 'NIP BARU': '199101202015031002', NAMA: 'Damar Prasetyo', ...SHARED };

/** Eight faults in four rows. */
export const FAULTY_ROWS = [
  { ...LARAS, 'NIP BARU': '1988071520120320', NAMA: '' },
  { ...LARAS, 'NIP BARU': '198813152012032004', 'UNOR NAMA': '' },
  { ...LARAS, 'TANGGAL LAHIR': '16-07-1988', 'EMAIL GOV': 'laras at dinas' },
  { ...DAMAR, 'JENIS PEGAWAI NAMA': 'Honorer', 'JABATAN NAMA': '' },
];
export const FAULTS = 8;

/** The template, downloaded by pressing its button. */
export async function downloadTemplate(page) {
  await page.goto('/staff/import');
  return pressForFile(page, page.locator('main a[href$="/template.xlsx"]'));
}

/** What a control gives to save, as bytes. */
export async function pressForFile(page, control) {
  const arriving = page.waitForEvent('download');
  await control.click();
  return readFile(await (await arriving).path());
}

/** Chooses the template with these rows and sends it; the page of the outcome opens. */
export async function upload(page, template, rows, name = 'pegawai.xlsx') {
  await page.goto('/staff/import');
  const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  await page.locator('#file').setInputFiles({ name, mimeType, buffer: filled(template, rows) });
  const arrived = page.waitForURL(/\/staff\/import\/[0-9a-f-]{36}$/);
  await page.locator('main form[enctype] button').click();
  await arrived;
}
