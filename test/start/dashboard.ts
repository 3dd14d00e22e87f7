import type { Page } from 'playwright-core';
import type { Chromium } from '../support/browsers/chromium.ts';
import { switchOn } from '../support/hold/dashboard.ts';
import type { SetUp } from './set-up.ts';

/** The administrator of the practice backend, whose page wants one before it triggers anything. */
export const ADMIN = { ADMIN_PASSWORD: 'practice password' };

export const OPERATIONS = ['futures_algorithm', 'verify_trade', 'nifty_strangle'] as const;
export type Operation = (typeof OPERATIONS)[number];

// They compute and place nothing, so after the login they go out again by themselves.
const RULES = OPERATIONS.map((name) => ({ method: 'POST', path: pathOf(name), effect: 'read' as const }));

/** Opens the backend's own page, with its administrator signed in, as a dashboard whose failed requests wait. */
export async function openDashboard({ browser, practice, ids }: SetUp<Chromium>): Promise<Page> {
  const { url } = practice.backend;
  await switchOn(browser, ids.icici, url, { rules: RULES });
  const page = await browser.newTab();
  await page.goto(`${url}/admin/login`);
  await page.fill('[type=password]', ADMIN.ADMIN_PASSWORD);
  await page.click('button');
  await page.waitForURL(`${url}/`);
  await page.getByText('connected', { exact: true }).waitFor();
  return page;
}

export function pathOf(operation: Operation): string {
  return `/trigger/${operation.replaceAll('_', '-')}/`;
}
