import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browseGallery, force, type GalleryBrowser } from '../../gallery/browse.ts';
import { compare, draw, picturesOf } from '../../gallery/pictures.ts';
import { violationsIn } from '../../support/checks/accessible.ts';

// Many pages, each of many states, on a machine that may be slow and busy.
const LONG_MS = 900_000;

const THEMES = ['light', 'dark'] as const;
const OURS = THEMES.map((theme) => ({ title: `our ${theme} colours`, theme, isForced: false }));
const THE_SYSTEMS = THEMES.map((theme) => ({ title: `the system’s ${theme} colours`, theme, isForced: true }));
const COLOURS = { en: [...OURS, ...THE_SYSTEMS], hi: OURS };

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

  describe.each(['en', 'hi'] as const)('can be used by everybody, in %s', (lang) => {
    const found = new Map<string, string[]>();
    beforeAll(async () => {
      for (const { name } of await browser.groups()) for (const theme of THEMES) await look(name, theme);
    }, LONG_MS);

    async function look(group: string, theme: 'light' | 'dark'): Promise<void> {
      const page = await browser.open({ group, lang, theme });
      const asked = COLOURS[lang].filter((one) => one.theme === theme);
      for (const [index, { title, isForced }] of asked.entries()) {
        await force(page, theme, isForced);
        const isSeenBefore = theme === 'dark' || index > 0;
        const violations = await violationsIn(page, { parts: true, isSeenBefore });
        found.set(title, [...(found.get(title) ?? []), ...violations.map((one) => `${group}: ${one}`)]);
      }
    }

    it.each(COLOURS[lang])('in $title', ({ title }) => {
      expect(found.get(title)).toEqual([]);
    });
  });

  it.each(THEMES)('tells the links of a proof apart by their shape in the system’s %s', async (theme) => {
    const page = await browser.open({ group: 'links', theme });
    await force(page, theme, true);
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
  });
});
