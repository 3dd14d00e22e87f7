import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { KITE, type Spawned, spawnBackend, temporaryDir } from '../../flow/backend/harness.ts';
import { proxyProgram } from '../../peers/install.mjs';
import { type RunningProxy, startProxy, TOP } from '../../peers/proxies.ts';
import { freePort } from '../../support/backend/practice.ts';
import { openPlain, startPlain } from '../../support/browsers/plain.ts';

const TAKEN = 'The login arrived, and the session is in use.';
const PASSWORD = 'a long practice password';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const CALLBACK = `https://${TOP}/api/auth/callback`;

/** The reminder's link, opened on a phone that has neither the extension nor the backend's machine. */
describe.skipIf(proxyProgram('nginx') === null)('on a phone, by the public name', () => {
  const dir = temporaryDir();
  let brokers: PracticeBrokers;
  let proxy: RunningProxy;
  let backend: Spawned;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register({ ...KITE, redirectUrl: CALLBACK });
    const port = await freePort();
    proxy = await startProxy('nginx', port);
    const own = {
      PORT: String(port),
      DATA_DIR: dir.path,
      ADMIN_PASSWORD: PASSWORD,
      BREEZE_API_KEY: '',
      BREEZE_API_SECRET: '',
    };
    const world = {
      PUBLIC_URL: `https://${TOP}/session`,
      TRUSTED_PROXIES: '127.0.0.1',
      ZERODHA_REDIRECT_URL: CALLBACK,
    };
    backend = await spawnBackend({ ...brokers.nodeEnv, ...own, ...world, ZERODHA_USER_ID: KITE.userId }, dir.path);
    browser = await startPlain(reachAll());
    page = await openPlain(browser, PHONE);
  });
  afterAll(async () => {
    await browser.close();
    await backend.kill('SIGTERM');
    await proxy.close();
    await brokers.close();
    dir.remove();
  });

  /** The practice brokers, and the public name with the certificate of its proxy. */
  function reachAll(): string[] {
    const { spki } = proxy.certificate;
    return brokers.chromiumArgs.map((arg) =>
      arg.startsWith('--host-resolver-rules=') ? `${arg}, MAP ${TOP}:443 127.0.0.1:${proxy.port}` : `${arg},${spki}`,
    );
  }

  const outcomes = () => brokers.kite.exchanges.map(({ outcome }) => outcome);
  const isNarrow = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

  /** Taps through the broker's page, to the page of the backend that tells of the login. */
  async function logInAtBroker(): Promise<void> {
    const button = page.getByRole('link', { name: 'Log in at the broker' });
    await button.waitFor();
    await page.waitForLoadState();
    expect(await page.locator('#notice').textContent()).toBe('');
    expect(await isNarrow()).toBe(true);
    await button.tap();
    await page.waitForURL('https://kite.zerodha.com/**');
    await page.locator('#login').tap();
    await page.waitForURL((url) => url.host === TOP);
    await page.getByText(TAKEN).waitFor();
    expect(await isNarrow()).toBe(true);
  }

  it('a password and three taps lead from the reminder to a session', async () => {
    await page.goto(`https://${TOP}/admin/login?login=zerodha`);
    expect(await isNarrow()).toBe(true);
    await page.getByLabel('Administrator’s password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).tap();
    await logInAtBroker();
    expect(outcomes()).toEqual(['accepted']);
  });

  it('the next one needs no password while the sign-in lasts', async () => {
    await page.goto(`https://${TOP}/admin/login?login=zerodha`);
    await logInAtBroker();
    expect(outcomes()).toEqual(['accepted', 'accepted']);
  });
});
