import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What a whole page has to have, and a collection of parts of pages cannot. */
const OF_PAGES = [
  'region',
  'page-has-heading-one',
  'heading-order',
  'landmark-main-is-top-level',
  'landmark-no-duplicate-main',
  'landmark-no-duplicate-banner',
  'landmark-no-duplicate-contentinfo',
  'landmark-banner-is-top-level',
  'landmark-contentinfo-is-top-level',
  'landmark-complementary-is-top-level',
  'landmark-unique',
];

/** The rules that read colours. In other colours the same page has to be asked about these alone. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** `parts`: it is no page of its own. `isSeenBefore`: every rule held for the same page in other colours. */
interface Asked {
  parts?: boolean;
  isSeenBefore?: boolean;
}

/** Everything that axe-core holds against a page, each as the rule and the element. */
export async function violationsIn(page: Page, { parts = false, isSeenBefore = false }: Asked = {}): Promise<string[]> {
  // A page's policy lets no script in; the developer protocol asks nobody.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const rules = Object.fromEntries(parts ? OF_PAGES.map((rule) => [rule, { enabled: false }]) : []);
  return page.evaluate(
    async (options) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run(document, options);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, target }) => `${id}: ${target.flat().join(' ')} ${html}`),
      );
    },
    {
      resultTypes: ['violations' as const],
      ...(isSeenBefore ? { runOnly: { type: 'rule' as const, values: OF_COLOURS } } : { rules }),
    },
  );
}

/** The same in either theme. */
export async function barriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const isSeenBefore = colorScheme === 'dark';
    found.push(...(await violationsIn(page, { isSeenBefore })).map((one) => `${colorScheme}: ${one}`));
  }
  return found;
}
