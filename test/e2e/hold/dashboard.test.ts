import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, OPERATIONS, openDashboard, pathOf } from '../../start/dashboard.ts';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { walkDashboard } from '../../start/walk-dashboard.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { dialogsIn } from '../../support/hold/dashboard.ts';
import { dialogOf, noDialog } from '../../support/hold/login.ts';

const PATIENCE_MS = 60_000;

let all: SetUp<Chromium>;
let page: Page;
/** The requests of the page that trigger an operation. */
let sent: string[];

beforeAll(async () => {
  all = await setUpIn(startChromium, {}, ADMIN);
  page = await openDashboard(all);
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/trigger/')) sent.push(`${request.method()} ${pathname}`);
  });
});
afterAll(() => all.close());
beforeEach(() => {
  sent = [];
});

const ownDialog = () => page.locator('#login-dialog[open]').count();

describe('the practice dashboard, which knows nothing of us', () => {
  it.each(OPERATIONS)(
    '%s waits for the login, is answered on the same screen, and its log is kept',
    async (operation) => {
      await page.evaluate(() => Object.assign(window, { same: true }));
      expect(await walkDashboard(all, page, operation, PATIENCE_MS)).toMatchObject({ broken: null });
      expect(sent).toEqual([`POST ${pathOf(operation)}`, `POST ${pathOf(operation)}`]);
      expect(await page.evaluate(() => (window as unknown as { same: boolean }).same)).toBe(true);
      expect(await ownDialog()).toBe(0);
    },
  );

  it('goes its own way after Cancel: it asks for a token itself', async () => {
    all.practice.brokers.breeze.endSession();
    await page.click('[data-operation=verify_trade]');
    await (await dialogOf(page, 'has ended')).press('cancel');
    await page.locator('#login-dialog[open]').waitFor();
    await noDialog(page);
    expect(sent).toEqual([`POST ${pathOf('verify_trade')}`]);
    await page.click('#dialog-cancel');
  });

  it('sees nothing of us while the session lives', async () => {
    expect(await walkDashboard(all, page, 'nifty_strangle', PATIENCE_MS)).toMatchObject({ broken: null });
    sent = [];
    await page.click('[data-operation=nifty_strangle]');
    await page.getByText('Done.', { exact: true }).waitFor();
    expect(sent).toEqual([`POST ${pathOf('nifty_strangle')}`]);
    expect(await dialogsIn(page)).toEqual([]);
  });
});
