import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../brokers/index.ts';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { switchOn } from '../../support/hold/dashboard.ts';
import { dialogOf, logInBy, noDialog, untilCaptured } from '../../support/hold/login.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';

let all: SetUp<Chromium>;
let server: PracticePage;
let page: Page;

beforeAll(async () => {
  all = await setUpIn(startChromium);
  const { kite } = all.practice.brokers;
  server = await startPracticePage(() => kite.sessions.size > 0);
  await switchOn(all.browser, all.ids.zerodha, server.url);
});
afterAll(async () => {
  await all.close();
  await server.close();
});
beforeEach(async () => {
  all.practice.brokers.kite.endSession();
  server.received.length = 0;
  page = await all.browser.newTab();
  await page.goto(server.url);
});
afterEach(async () => {
  all.practice.brokers.faults.clear();
  await page.close();
});

const quote = () => page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
const breaksBy = (fault: Fault) => async () => void all.practice.brokers.faults.add(fault);
const stop = () => all.practice.backend.stop();
const start = () => all.practice.backend.restart();

describe('a link that fails after the login from the dialog', () => {
  it.each<[what: string, says: string, breaks: () => Promise<void>, mends: () => Promise<void>]>([
    ['the backend is away', 'Your backend does not answer.', stop, start],
    [
      'the broker is away',
      'cannot exchange it at the broker just now',
      breaksBy('kite.exchange.network'),
      async () => all.practice.brokers.faults.clear(),
    ],
    [
      'the broker refuses the key',
      'refuses your backend’s API key or secret',
      breaksBy('kite.exchange.checksum'),
      // A backend takes a key that was mended when it starts.
      async () => {
        all.practice.brokers.faults.clear();
        await stop();
        await start();
      },
    ],
  ])('%s: it is said, and Try again leads to the answer with the same token', async (_, says, breaks, mends) => {
    await breaks();
    const answered = quote();
    await logInBy(all, await dialogOf(page, 'One request waits'));
    const failed = await dialogOf(page, says);
    expect(failed.text).toContain('Try again');
    expect(failed.acts).toEqual(['log-in', 'cancel', 'paste']);
    const tabs = all.browser.context.pages().length;
    await mends();
    // What is tried again by itself may be there first.
    await failed.press('log-in').catch(() => undefined);
    expect(await answered).toBe(200);
    await noDialog(page);
    expect(all.browser.context.pages().length).toBe(tabs);
    expect(server.received.map(({ answer }) => answer)).toEqual(['auth', 'ok']);
  });

  it('the token is spent: it is said, and Try again opens another login', async () => {
    all.practice.brokers.faults.add('kite.exchange.spent');
    const answered = quote();
    await logInBy(all, await dialogOf(page, 'One request waits'));
    const failed = await dialogOf(page, 'this token was used or has expired');
    expect(failed.text).toContain('Try again');
    all.practice.brokers.faults.clear();
    await logInBy(all, failed);
    expect(await answered).toBe(200);
    expect(server.received.map(({ answer }) => answer)).toEqual(['auth', 'ok']);
  });

  it('is no reason to hold on: Cancel gives the original answer', async () => {
    all.practice.brokers.faults.add('kite.exchange.spent');
    const answered = quote();
    await logInBy(all, await dialogOf(page, 'One request waits'));
    await (await dialogOf(page, 'this token was used or has expired')).press('cancel');
    expect(await answered).toBe(401);
    await noDialog(page);
  });
});

describe('a login that is on its way when a request fails', () => {
  it('is shown in the dialog, which asks for no second one', async () => {
    await stop();
    const tab = await all.browser.loginTab(() => all.browser.send({ type: 'log-in', account: all.ids.zerodha }));
    await tab.click('#login');
    await untilCaptured(tab);
    await tab.close();
    await page.bringToFront();
    const answered = quote();
    const dialog = await dialogOf(page, 'Your backend does not answer.');
    expect(dialog.text).toContain('captured');
    await start();
    expect(await answered).toBe(200);
    await noDialog(page);
  });
});
