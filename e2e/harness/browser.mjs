// Debian's Chromium, and windows in it that notice what a person would not: errors in the console, among them
// everything that the content security policy refused, and answers of the server that it could not give.

import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const PATIENCE_MS = 15_000;

export const PHONE = { width: 360, height: 780 };
export const DESK = { width: 1280, height: 900 };
/** A phone at twice the size of letters: nothing may have to be scrolled sideways (WCAG 1.4.10). */
export const NARROWEST = { width: 320, height: 640 };

export function launch() {
  return chromium.launch({ executablePath: process.env.MELEK_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/**
 * A window with its own cookies: a person at a device. `scripts` is true, 'blocked' (they do not arrive, as on
 * a bad line, and axe can still look) or 'off' (the browser runs none).
 */
export async function openWindow(browser, address, { size = PHONE, scripts = true, troubles }) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: size,
    hasTouch: size.width < 600,
    javaScriptEnabled: scripts !== 'off',
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    acceptDownloads: true,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  if (scripts === 'blocked') await context.route('**/*.js', (route) => route.abort());
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    // The browser's own note about a 4xx or a blocked script: stories say which of those they expect.
    const isNote = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isNote) troubles.push(`${page.url()}: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.headers()['x-expected']) return;
    const isPart = !['document', 'fetch'].includes(response.request().resourceType());
    if (response.status() >= (isPart ? 400 : 500)) troubles.push(`${response.request().method()} ${response.url()}: ${response.status()}`);
  });
  return page;
}
