// Every page that can be reached by links, one of each kind: `/staff/0190…` and `/staff/0191…` are one kind.

const IDENTIFIER = /^([0-9a-f]{8}-[0-9a-f-]{27}|\d+)$/;

/** `/sessions/:id?page` of `/sessions/0190…?page=2`. */
export function kindOf(url) {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.split('/').map((part) => (IDENTIFIER.test(part) ? ':id' : part)).join('/');
  const fields = [...new Set(searchParams.keys())].sort();
  return fields.length > 0 ? `${path}?${fields.join('&')}` : path;
}

/** One address of each kind, reached from these paths by links to pages (not to files). */
export async function crawl(page, from) {
  const found = new Map();
  const waiting = [...from];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const answer = await page.goto(path).catch((error) => {
      if (error.message.includes('Download is starting')) return null;
      throw error;
    });
    const isPage = answer?.headers()['content-type']?.startsWith('text/html') ?? false;
    const kind = kindOf(page.url());
    if (!isPage || found.has(kind)) continue;
    if (answer.status() >= 400) throw new Error(`a link leads to ${path}, which answers ${answer.status()}`);
    found.set(kind, new URL(page.url()).pathname + new URL(page.url()).search);
    const origin = new URL(page.url()).origin;
    const links = await page.locator('a[href]:not([download])').evaluateAll((all) => all.map((link) => link.href));
    const inside = links.filter((link) => new URL(link).origin === origin);
    waiting.push(...inside.filter((link) => !found.has(kindOf(link)) && !waiting.some((known) => kindOf(new URL(known, origin)) === kindOf(link))));
  }
  return found;
}
