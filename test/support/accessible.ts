import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface WithAxe {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

/** What axe-core finds wrong with a page in either theme. */
export async function barriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // What Playwright evaluates is not under the page's own policy.
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as unknown as WithAxe).axe.run());
    found.push(
      ...violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    );
  }
  return found;
}
