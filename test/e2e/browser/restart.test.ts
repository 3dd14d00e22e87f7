import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPracticeBrokers } from '../../brokers/index.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { pairWith } from '../../support/backend/pairing.ts';
import { APPS } from '../../support/backend/practice.ts';
import { type Chromium, findChromium, startChromium } from '../../support/browsers/chromium.ts';
import { HANGS_MS, until } from '../../support/until.ts';

let brokers: Awaited<ReturnType<typeof startPracticeBrokers>>;
let chromium: Chromium;
let backend: TestDestination;
beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(APPS.zerodha);
  backend = await openDestination();
  chromium = await startChromium({ brokers });
});
afterAll(async () => {
  await chromium.close();
  await backend.close();
  await brokers.close();
});

it('after a restart of the browser badge and alarm are right by themselves (REL-07)', async () => {
  await chromium.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*');
  const account = await pairWith(chromium, backend, 'restart');
  const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account }));
  await tab.click('#login');
  await until(
    () => chromium.account('restart'),
    (one) => one?.status === 'live',
  );
  await chromium.context.close();
  keepExtension(chromium.profile);

  const before = backend.received.length;
  const context = await playwright.launchPersistentContext(chromium.profile, {
    executablePath: findChromium() ?? '',
    timeout: HANGS_MS,
    headless: true,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--no-first-run', '--disable-sync', ...brokers.chromiumArgs],
  });
  context.setDefaultTimeout(HANGS_MS);
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const shown = () =>
    worker.evaluate(async () => ({
      text: await chrome.action.getBadgeText({}),
      alarms: (await chrome.alarms.getAll()).map(({ scheduledTime }) => scheduledTime - Date.now()),
    }));
  const { alarms } = await until(shown, ({ text, alarms: set }) => text === '✓' && set.length === 1);
  expect(alarms[0]).toBeGreaterThan(0);
  expect(alarms[0]).toBeLessThan(6 * 60_000);
  expect(backend.received.slice(before).filter(({ body }) => !body.includes('session.check'))).toEqual([]);
  await context.close();
});

/** A command-line extension is gone with its browser; one that a person loaded unpacked stays (its location is 4, not 8). */
function keepExtension(profile: string): void {
  for (const name of ['Preferences', 'Secure Preferences']) {
    const path = join(profile, 'Default', name);
    if (!existsSync(path)) continue;
    const preferences = JSON.parse(readFileSync(path, 'utf8')) as {
      extensions?: { settings?: Record<string, { location?: number }>; ui?: { developer_mode?: boolean } };
    };
    const { extensions = {} } = preferences;
    for (const one of Object.values(extensions.settings ?? {})) if (one.location === 8) one.location = 4;
    extensions.ui = { ...extensions.ui, developer_mode: true };
    writeFileSync(path, JSON.stringify({ ...preferences, extensions }));
  }
}
