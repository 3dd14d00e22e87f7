import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountName } from '../../../backend/src/config/account-name.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { createSender, type Spawned, spawnBackend, temporaryDir, until } from '../../flow/backend/harness.ts';
import { appOf, householdEnv, registerHousehold } from '../../support/backend/household.ts';
import { openPlain, startPlain } from '../../support/browsers/plain.ts';

const PASSWORD = 'a long practice password';
const NAMES: AccountName[] = ['zerodha', 'zerodha-spouse', 'zerodha-huf', 'icici', 'icici-spouse'];

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;
let browser: Browser;
let page: Page;
/** Everything that the browser complained of, a breach of the page's own policy included. */
let complaints: string[];

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  registerHousehold(brokers);
  dir = temporaryDir();
  const settings = { ...householdEnv(NAMES), ADMIN_PASSWORD: PASSWORD, ZERODHA_HUF_API_SECRET: '' };
  backend = await spawnBackend({ ...brokers.nodeEnv, ...settings, DATA_DIR: dir.path }, dir.path);
  for (const name of ['zerodha', 'zerodha-spouse'] as const) {
    const sender = createSender(backend.url, dir.path, name);
    await sender.deliver(sender.captured(brokers.kite.issue(appOf(name).apiKey)));
    await until(sender.check, ({ session }) => session.state === 'verified');
  }
  browser = await startPlain(brokers.chromiumArgs);
});
afterAll(async () => {
  await browser.close();
  await backend.kill('SIGTERM');
  dir.remove();
  await brokers.close();
});

beforeEach(async () => {
  complaints = [];
  page = await openPlain(browser);
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${backend.url}/admin/login`);
  await page.getByLabel('Administrator’s password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('connected', { exact: true }).waitFor();
});
afterEach(() => page.context().close());

describe('the page of a household', () => {
  it.each([1280, 390])('shows each account by its name, and the one that is left out, at %s px', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const headings = page.locator('#sessions h3');
    await headings.first().waitFor();
    expect(await headings.allTextContents()).toEqual([
      'Zerodha',
      'Zerodha: spouse',
      'ICICI Direct',
      'ICICI Direct: spouse',
      'Zerodha: huf',
    ]);
    const huf = page.locator('[data-account="zerodha-huf"]');
    expect(await huf.textContent()).toContain('ZERODHA_HUF_API_SECRET is missing, since ZERODHA_HUF_API_KEY is set');
    const login = page.getByRole('link', { name: 'Log in at Zerodha for spouse' });
    expect(await login.getAttribute('href')).toBe('api/auth/login?broker=zerodha-spouse');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('gives a typed token and an operation to the Breeze account that is chosen', async () => {
    await page.getByLabel('Breeze account').selectOption('icici-spouse');
    const update = page.locator('#update');
    await update.getByLabel('Session token').fill(brokers.breeze.issue(appOf('icici-spouse').apiKey));
    await update.getByRole('button', { name: 'Update' }).click();
    await page.getByText('The session is updated.').waitFor();
    await page.locator('[data-account="icici-spouse"]').getByText('verified', { exact: true }).waitFor();
    await page.locator('[data-account="icici"]').getByText('no session yet').waitFor();
    expect(await page.locator('#update a').getAttribute('href')).toBe(
      `${backend.url}/api/auth/login?broker=icici-spouse`,
    );

    await page.getByRole('button', { name: 'Nifty strangle' }).click();
    await page.getByText('Done.', { exact: true }).waitFor();
    await page.getByLabel('Breeze account').selectOption('icici');
    await page.getByRole('button', { name: 'Nifty strangle' }).click();
    await page.getByRole('dialog').waitFor();

    await page.goto(`${backend.url}/session-manager`);
    await page.getByText('no session', { exact: true }).waitFor();
    await page.getByLabel('Breeze account').selectOption('icici-spouse');
    await page.getByText('active', { exact: true }).or(page.getByText('ends soon')).waitFor();
    expect(complaints).toEqual([]);
  });
});
