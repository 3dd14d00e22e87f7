import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browseGallery, type GalleryBrowser } from '../../gallery/browse.ts';
import { compare, draw, picturesOf } from '../../gallery/pictures.ts';
import { violationsIn } from '../../support/checks/accessible.ts';

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
    ['en', 'light', 'our'],
    ['en', 'dark', 'our'],
    ['hi', 'light', 'our'],
    ['hi', 'dark', 'our'],
    ['en', 'light', 'the system’s'],
    ['en', 'dark', 'the system’s'],
  ] as const)(
    'can be used by everybody, in %s and %s, in %s colours',
    async (lang, theme, colours) => {
      const found: string[] = [];
      for (const { name } of await browser.groups()) {
        const page = await browser.open({ group: name, lang, theme }, colours !== 'our');
        found.push(...(await violationsIn(page, { parts: true })).map((one) => `${name}: ${one}`));
        await page.close();
      }
      expect(found).toEqual([]);
    },
    LONG_MS,
  );

  it.each(['light', 'dark'] as const)(
    'tells the links of a proof apart by their shape in the system’s %s',
    async (theme) => {
      const page = await browser.open({ group: 'links', theme }, true);
      const shapes = await page.locator('.chain li').evaluateAll((all) =>
        all.map((one) => {
          const { scale, borderRadius, transform, backgroundColor, borderColor } = getComputedStyle(one, '::before');
          const isFilled = backgroundColor === borderColor;
          return [one.dataset.state, [scale, borderRadius, transform, isFilled].join(' ')] as const;
        }),
      );
      // Each state has one shape, and no two have the same.
      const byState = new Map(shapes);
      expect(new Set(shapes.map((one) => one.join())).size).toBe(byState.size);
      expect(new Set(byState.values()).size).toBe(byState.size);
      expect(byState.size).toBe(4);
      await page.close();
    },
  );
});
