import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browseGallery, type GalleryBrowser } from '../gallery/browse.ts';
import { compare, draw, picturesOf } from '../gallery/pictures.ts';
import { violationsIn } from '../support/accessible.ts';

// Many pages, each of many states, on a machine that may be slow and busy.
const LONG_MS = 900_000;

let browser: GalleryBrowser;
beforeAll(async () => {
  browser = await browseGallery();
});
afterAll(() => browser.close());

describe('every component in every state', () => {
  it(
    'looks as in the pictures that are kept',
    async () => {
      const changed: string[] = [];
      for (const picture of await picturesOf(browser)) {
        const difference = compare(picture, await draw(browser, picture));
        if (difference !== null) changed.push(difference);
      }
      expect(changed).toEqual([]);
    },
    LONG_MS,
  );

  it.each([
    ['en', 'light'],
    ['en', 'dark'],
    ['hi', 'light'],
    ['hi', 'dark'],
  ] as const)(
    'can be used by everybody, in %s and %s',
    async (lang, theme) => {
      const found: string[] = [];
      for (const { name } of await browser.groups()) {
        const page = await browser.open({ group: name, lang, theme });
        found.push(...(await violationsIn(page, { parts: true })).map((one) => `${name}: ${one}`));
        await page.close();
      }
      expect(found).toEqual([]);
    },
    LONG_MS,
  );
});
