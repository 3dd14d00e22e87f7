import type { Page } from 'playwright-core';
import type { SetUp } from '../../start/set-up.ts';
import type { Chromium } from '../browsers/chromium.ts';
import { until } from '../until.ts';
import { dialogsIn, type SeenDialog } from './dashboard.ts';

/** Waits for the dialog with these words, and until it takes a click. */
export async function dialogOf(page: Page, has: RegExp | string = ''): Promise<SeenDialog> {
  await page.bringToFront();
  const [dialog] = await until(
    () => dialogsIn(page),
    ([one]) => one !== undefined && (typeof has === 'string' ? one.text.includes(has) : has.test(one.text)),
  );
  if (!dialog) throw new Error('no dialog');
  // A dialog that has just come takes no click yet.
  await page.waitForTimeout(450);
  return dialog;
}

/** Waits until the page shows no dialog of ours. */
export async function noDialog(page: Page): Promise<void> {
  await until(
    () => dialogsIn(page),
    ({ length }) => length === 0,
  );
}

/** Presses *Log in* in the dialog, and logs in on the broker's page that opens. */
export async function logInBy({ browser }: SetUp<Chromium>, dialog: SeenDialog): Promise<void> {
  const tab = await browser.loginTab(() => dialog.press('log-in'));
  await tab.click('#login');
  await untilCaptured(tab);
  await tab.close();
}

/** Waits until a login's tab shows our own page, by which its token is captured. */
export async function untilCaptured(tab: Page): Promise<void> {
  // Not waitForURL, which takes the redirect that was kept off the network for a failure.
  await until(
    () => tab.url(),
    (url) => url.includes('captured.html'),
  );
}
