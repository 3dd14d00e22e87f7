import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APPS, type Practice, startPractice } from '../../support/backend/practice.ts';
import { openPlain, startPlain } from '../../support/browsers/plain.ts';
import { until } from '../../support/until.ts';

const PASSWORD = 'a long practice password';

let practice: Practice;
let browser: Browser;
let page: Page;
/** Everything that the browser complained of, a breach of the page's own policy included. */
let complaints: string[];

beforeAll(async () => {
  practice = await startPractice({ ADMIN_PASSWORD: PASSWORD });
  browser = await startPlain(practice.brokers.chromiumArgs);
});
afterAll(async () => {
  await browser.close();
  await practice.close();
});

beforeEach(async () => {
  complaints = [];
  practice.brokers.breeze.endSession();
  page = await openPlain(browser);
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterEach(() => page.context().close());

const open = (path: string) => page.goto(`${practice.backend.url}${path}`);
const token = () => practice.brokers.breeze.issue(APPS.icici.apiKey);

async function typePassword(): Promise<void> {
  await open('/admin/login');
  await page.getByLabel('Administrator’s password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${practice.backend.url}/`);
}

/** The cookies of the first sign-in serve every test: no more than ten sign-ins a minute are taken. */
let cookies: Awaited<ReturnType<BrowserContext['cookies']>> = [];

async function signIn(): Promise<void> {
  if (cookies.length === 0) {
    await typePassword();
    cookies = await page.context().cookies();
  } else {
    await page.context().addCookies(cookies);
    await open('/');
  }
  await page.getByText('connected', { exact: true }).waitFor();
}

const strangle = () => page.getByRole('button', { name: 'Nifty strangle' });
const dialog = () => page.getByRole('dialog');
const field = () => dialog().getByLabel('Session token');

/** Ends the session in the backend as well, so that each test begins without one. */
async function withoutSession(): Promise<void> {
  await strangle().click();
  await dialog().waitFor();
}

describe('the page of the backend', () => {
  it('opens by the link that the terminal shows, once, with no key left in the address', async () => {
    const link = await practice.backend.link();
    await page.goto(link);
    await page.getByText('connected', { exact: true }).waitFor();
    expect(page.url()).toBe(`${practice.backend.url}/`);
    const other = await openPlain(browser);
    await other.goto(link);
    await other.getByText('that key was used or is too old').waitFor();
    expect(other.url()).toBe(`${practice.backend.url}/admin/login`);
    await other.goto(`${practice.backend.url}/`);
    await other.waitForURL(`${practice.backend.url}/admin/login`);
    await other.context().close();
    expect(complaints).toEqual([]);
  });

  it('leads from the link of the quick fix through the sign-in to the broker’s login', async () => {
    await page.goto(`${await practice.backend.link()}&login=zerodha`);
    await page.waitForURL('https://kite.zerodha.com/**');
  });

  it('shows on the sign-in how a login ended that came back to a browser without one', async () => {
    await open('/api/auth/callback?status=error');
    await page.getByText('That address carried no login of a broker.').waitFor();
    expect(page.url()).toBe(`${practice.backend.url}/admin/login`);
  });

  it('asks for a token when the session has ended, says that a wrong one is wrong, and goes on with the right one', async () => {
    await signIn();
    await withoutSession();
    await expectFocus('#dialog-token');
    expect(await dialog().getByRole('link', { name: 'Log in at ICICI Direct' }).getAttribute('href')).toBe(
      'api/auth/login?broker=icici',
    );
    await field().fill('12345678');
    await dialog().getByRole('button', { name: 'Update & Retry' }).click();
    await dialog().getByText('The broker refuses that token: log in again for a new one.').waitFor();
    await field().fill(token());
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText('Done.', { exact: true }).waitFor();
    const log = await page.locator('#execution-log li').allTextContents();
    expect(log[0]).toContain('Session:');
    expect(log.find((line) => line.startsWith('Retry'))).toBeDefined();
    expect(log.at(-1)).toBe('Result: Computed only: no order was placed');
    expect(JSON.parse((await page.locator('#result').textContent()) ?? '')).toMatchObject({ order_placed: false });
    expect(complaints).toEqual([]);
  });

  it.each([
    ['Cancel', () => dialog().getByRole('button', { name: 'Cancel' }).click()],
    ['Escape', () => page.keyboard.press('Escape')],
  ])('closes the dialog with %s, and retries nothing', async (_name, close) => {
    await signIn();
    await withoutSession();
    const asked = practice.brokers.breeze.requests.length;
    await close();
    await dialog().waitFor({ state: 'hidden' });
    await page.waitForTimeout(300);
    expect(practice.brokers.breeze.requests).toHaveLength(asked);
    expect(await page.locator('#answer').textContent()).toBe(
      'There is no living session at ICICI Direct: log in again to go on.',
    );
    await strangle().click();
    await dialog().waitFor();
    expect(await field().inputValue()).toBe('');
  });

  it('shows no dialog while the session lives, and marks fallback prices only while it does not', async () => {
    await signIn();
    await withoutSession();
    await page.keyboard.press('Escape');
    await page.getByText('Fallback data: Yahoo Finance').waitFor();
    await page.locator('#manual-token').fill(token());
    await page.locator('#update').getByRole('button').click();
    await page.getByText('The session is updated.').waitFor();
    await page.locator('[data-account="icici"]').getByText('verified', { exact: true }).waitFor();
    await until(
      () => page.locator('#price-source').textContent(),
      (source) => source === 'ICICI Direct',
    );
    await strangle().click();
    await page.getByText('Done.', { exact: true }).waitFor();
    expect(await dialog().isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Futures algorithm' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Confirmed. This backend places no order').waitFor();
    expect(complaints).toEqual([]);
  });

  it('follows a login from its own button to the broker and back, with no token left in the address', async () => {
    const { kite } = practice.brokers;
    kite.register({ ...APPS.zerodha, redirectUrl: `${practice.backend.url}/api/auth/callback` });
    await signIn();
    await page.getByRole('link', { name: 'Log in at Zerodha' }).click();
    await page.locator('#login').click();
    await page.getByText('The login arrived, and the session is in use.').waitFor();
    expect(page.url()).toBe(`${practice.backend.url}/`);
    await page.locator('[data-account="zerodha"]').getByText('verified', { exact: true }).waitFor();
    await page.locator('[data-account="zerodha"]').getByText(/^live/).waitFor();
    kite.register(APPS.zerodha);
    expect(complaints).toEqual([]);
  });

  it('takes Breeze’s own form post as well', async () => {
    const { breeze } = practice.brokers;
    breeze.register({ ...APPS.icici, redirectUrl: `${practice.backend.url}/api/auth/callback` });
    await signIn();
    await page.locator('[data-account="icici"] a').click();
    await page.waitForURL('https://api.icicidirect.com/**');
    await until(
      async () => {
        if (page.url().startsWith('https://'))
          await page
            .locator('button#login')
            .click({ timeout: 1_000 })
            .catch(() => {});
        return page.url();
      },
      (url) => url === `${practice.backend.url}/`,
    );
    await page.getByText('The login arrived, and the session is in use.').waitFor();
    breeze.register(APPS.icici);
  });

  it('manages the session on a page of its own', async () => {
    await signIn();
    await withoutSession();
    await open('/session-manager');
    await page.getByText('no session', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Refresh session' }).click();
    await page.getByText('login needed').waitFor();
    await page.getByLabel('Session token').fill(token());
    await page.getByRole('button', { name: 'Update token' }).click();
    await page.getByText('The session is updated.').waitFor();
    expect(await page.locator('#status').textContent()).not.toBe('no session');
    await page.getByRole('button', { name: 'Refresh session' }).click();
    await page.getByText('The session lives.').waitFor();
    const rows = await page.locator('#configuration').innerText();
    expect(rows.replaceAll(/\s+/g, ' ')).toBe(
      'API key set API secret set User id not needed here Password not needed here Session token set',
    );
    expect(complaints).toEqual([]);
  });

  it('gives a notice a line of its own, so that no card moves to another column', async () => {
    await page.setViewportSize({ width: 1_200, height: 900 });
    await signIn();
    await page.locator('[data-account="zerodha"]').waitFor();
    const columns = () =>
      page.locator('main > section').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
    const before = await columns();
    await open('/?login=token_spent');
    await page.getByText('The broker refuses that login').waitFor();
    await page.locator('[data-account="zerodha"]').waitFor();
    expect(await columns()).toEqual(before);
    const notice = await page.locator('#notice').boundingBox();
    const main = await page.locator('main').boundingBox();
    expect(notice?.width).toBe((main?.width ?? 0) - 32);
  });

  it.each([360, 390, 1_200])('shows the whole queue at %i px, with times in India', async (width) => {
    await page.setViewportSize({ width, height: 740 });
    await practice.backend.submit('icici', 'profile', {});
    await signIn();
    const row = page.locator('#queue tr', { hasText: 'profile' }).first();
    await row.waitFor();
    expect(await row.getByRole('cell').nth(3).textContent()).toMatch(/^\d{1,2} \w+ \d{4}, \d{2}:\d{2} IST$/);
    const { left, right } = await row.evaluate((one) => one.getBoundingClientRect());
    const inner = await row.locator('td').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
    expect(left).toBeGreaterThanOrEqual(0);
    expect(Math.max(right, ...inner)).toBeLessThanOrEqual(width);
  });

  it('says of nothing that is as it should be that it is missing', async () => {
    await signIn();
    await page.locator('[data-account="zerodha"]').waitFor();
    expect(await page.locator('#sessions').innerText()).not.toMatch(/[✗×]|not set/);
  });

  it('cancels a request that waits, and shows what became of it', async () => {
    await practice.backend.submit('icici', 'profile', {});
    await signIn();
    const row = page.locator('#queue tr', { hasText: 'profile' }).first();
    await row.getByText('parked', { exact: true }).waitFor();
    await row.getByRole('button', { name: 'Cancel: profile' }).click();
    await row.getByText('cancelled', { exact: true }).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('ends with the sign-out', async () => {
    await typePassword();
    await page.getByText('connected', { exact: true }).waitFor();
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(`${practice.backend.url}/`);
    await elsewhere.getByRole('button', { name: 'Sign out' }).click();
    await elsewhere.waitForURL(`${practice.backend.url}/admin/login`);
    // A page that was left open says so, and runs nothing.
    await strangle().click();
    await page.getByText('sign in as the administrator first').waitFor();
    await page.locator('#answer').getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await dialog().isVisible()).toBe(false);
    await elsewhere.close();
  });
});

describe.each([
  ['light, wide', { width: 1_200, height: 900 }, 'light'],
  ['dark, as on a phone', { width: 360, height: 740 }, 'dark'],
] as const)('the pages in %s', (_name, viewport, colorScheme) => {
  it.each(['/', '/session-manager', '/admin/login'])('%s fits, and is accessible', async (path) => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    if (path !== '/admin/login') await signIn();
    await open(path);
    await page.waitForTimeout(400);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBe(0);
    expect(complaints).toEqual([]);
    // The tool itself comes past the page's policy by the debugger.
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
});

interface Axe {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

async function expectFocus(selector: string): Promise<void> {
  expect(await page.evaluate((at) => document.activeElement?.matches(at), selector)).toBe(true);
}
