// Excel files as a story needs them: the cells of a downloaded one, and a template filled with rows.

import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

const FIRST_SHEET = 'xl/worksheets/sheet1.xml';

/** The rows of the first sheet, as texts; an empty cell is ''. */
export function rowsOf(bytes) {
  const files = unzipSync(bytes);
  const shared = sharedTexts(files);
  return [...strFromU8(files[FIRST_SHEET]).matchAll(/<row\b[^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map((row) => {
    const cells = [];
    for (const [, attributes, content = ''] of (row[1] ?? '').matchAll(/<c\b([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      cells[columnOf(attributes)] = cellText(attributes, content, shared);
    }
    return Array.from(cells, (cell) => cell ?? '');
  });
}

/** The template with these rows under its row of names; each row says its values by those names. */
export function filled(bytes, rows) {
  const before = rowsOf(bytes);
  const above = before.findIndex((row) => row.some((cell) => /^NIP\b/.test(cell)));
  const names = before[above];
  if (!names) throw new Error('the template has no row of names with NIP');
  const unknown = rows.flatMap(Object.keys).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`the template has no column ${unknown[0]}, but ${names.join(', ')}`);
  const files = unzipSync(bytes);
  const sheet = strFromU8(files[FIRST_SHEET]);
  const all = [...sheet.matchAll(/<row\b[^>]*?(?:\/>|>.*?<\/row>)/gs)];
  const last = all[above];
  const number = Number(/ r="(\d+)"/.exec(last[0])[1]);
  const added = rows.map((row, index) => rowXml(number + 1 + index, names.map((name) => row[name] ?? '')));
  const end = sheet.indexOf('</sheetData>');
  files[FIRST_SHEET] = strToU8(sheet.slice(0, last.index + last[0].length) + added.join('') + sheet.slice(end));
  return Buffer.from(zipSync(files));
}

function rowXml(number, values) {
  const cells = values.map((value, index) => {
    const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return value === '' ? '' : `<c r="${letters(index)}${number}" t="inlineStr"><is><t>${text}</t></is></c>`;
  });
  return `<row r="${number}">${cells.join('')}</row>`;
}

function letters(index) {
  const rest = String.fromCharCode(65 + (index % 26));
  return index < 26 ? rest : letters(Math.floor(index / 26) - 1) + rest;
}

function columnOf(attributes) {
  const name = / r="([A-Z]+)\d+"/.exec(` ${attributes}`)[1];
  return [...name].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cellText(attributes, content, shared) {
  const value = /<v>(.*?)<\/v>/s.exec(content)?.[1] ?? '';
  if (/\bt="s"/.test(attributes)) return shared[Number(value)];
  return /\bt="inlineStr"/.test(attributes) ? texts(content) : unescaped(value);
}

function sharedTexts(files) {
  const shared = files['xl/sharedStrings.xml'];
  return shared ? [...strFromU8(shared).matchAll(/<si>(.*?)<\/si>/gs)].map((entry) => texts(entry[1])) : [];
}

function texts(xml) {
  return unescaped([...xml.matchAll(/<t\b[^>]*>(.*?)<\/t>/gs)].map((text) => text[1]).join(''));
}

function unescaped(xml) {
  const signs = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };
  return xml.replace(/&(lt|gt|quot|apos|amp);/g, (sign) => signs[sign]);
}
