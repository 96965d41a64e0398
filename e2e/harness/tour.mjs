// A look at pages in one language, with scripts or without: what all tours of the pages share.

import { Links } from './crawl.mjs';
import { expect } from './expect.mjs';
import { speak } from './person.mjs';

const LANGUAGES = ['id', 'en'];

/** One story for each language, with scripts and without: `walk` sees the pages through `tour.look`. */
export function tours(who, walk) {
  return LANGUAGES.flatMap((language) =>
    [true, 'blocked'].map((scripts) => ({
      name: `pages of ${who}, ${language}, ${scripts === true ? 'with' : 'without'} scripts`,
      async tell(demonstration) {
        const tour = new Tour(demonstration, who, { language, scripts });
        await walk(tour);
        expect.equal(tour.links.broken.join('\n'), '', 'links that lead nowhere');
      },
    })),
  );
}

class Tour {
  links = new Links();

  constructor(demonstration, who, { language, scripts }) {
    Object.assign(this, { demonstration, who, language, scripts });
  }

  /** A window in the language of the tour, at the sign-in page. */
  async open(wishes = {}) {
    const page = await this.demonstration.open({ ...wishes, scripts: this.scripts });
    await page.goto('/sign-in');
    if (this.language !== 'id') await speak(page, this.language);
    return page;
  }

  /** Looks at the page as it stands; pictures only with scripts, because without them it looks the same. */
  async look(page, name) {
    await expect.attribute(page.locator('html'), 'lang', this.language);
    expect.equal(await page.locator('h1').count(), 1, `headings of ${name}`);
    const says = this.scripts === true ? 'scripts' : 'plain';
    await this.demonstration.look(page, `${name} ${this.language} ${says}`, { pictures: this.scripts === true });
    await this.links.follow(page);
  }

  /** Looks at a page with everything of one kind folded open. */
  async lookUnfolded(page, name, which = 'main details') {
    await page.locator(which).evaluateAll((all) => all.forEach((details) => { details.open = true; }));
    await this.look(page, name);
  }
}
