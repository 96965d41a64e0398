// Every page that can be reached by links, one of each kind: `/staff/0190…` and `/staff/0191…` are one kind; and
// whether every link of a page leads somewhere.

const IDENTIFIER = /^([0-9a-f]{8}-[0-9a-f-]{27}|\d[\w.-]*)$/;

/** `/sessions/:id?page` of `/sessions/0190…?page=2`. */
export function kindOf(url) {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.split('/').map((part) => (IDENTIFIER.test(part) ? ':id' : part)).join('/');
  const fields = [...new Set(searchParams.keys())].sort();
  return fields.length > 0 ? `${path}?${fields.join('&')}` : path;
}

/** Goes from these paths along links to pages; `visit` sees one page of each kind, with the kind. */
export async function crawl(page, from, visit) {
  const seen = new Set();
  const waiting = [...from];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const answer = await page.goto(path);
    if (answer.status() >= 400) throw new Error(`${path} answers ${answer.status()}`);
    const kind = kindOf(page.url());
    if (seen.has(kind)) continue;
    seen.add(kind);
    await visit(kind);
    const known = new Set([...seen, ...waiting.map((path) => kindOf(new URL(path, page.url())))]);
    for (const link of await linksOf(page, 'a[href]:not([download])')) {
      if (known.has(kindOf(link)) || isFile(link)) continue;
      known.add(kindOf(link));
      waiting.push(link);
    }
  }
  return seen;
}

function isFile(link) {
  return /\.[a-z]+$/.test(new URL(link).pathname);
}

/** Follows links of pages and remembers which lead nowhere; each address once. */
export class Links {
  #tried = new Set();
  broken = [];

  async follow(page) {
    for (const link of await linksOf(page, 'a[href]')) {
      if (this.#tried.has(link)) continue;
      this.#tried.add(link);
      const answer = await page.request.get(link);
      if (answer.status() >= 400) this.broken.push(`${page.url()}: the link to ${link} answers ${answer.status()}`);
    }
  }
}

/** Addresses of other pages within this site that a page links to. */
async function linksOf(page, selector) {
  const links = await page.locator(selector).evaluateAll((all) => all.map((link) => link.href.split('#')[0]));
  const [{ origin }, here] = [new URL(page.url()), page.url().split('#')[0]];
  return [...new Set(links)].filter((link) => link && link !== here && new URL(link).origin === origin);
}
