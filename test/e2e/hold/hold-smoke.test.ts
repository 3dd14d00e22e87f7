import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type SetUp, setUp } from '../../start/set-up.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { switchOn } from '../../support/hold/dashboard.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';
import { until } from '../../support/until.ts';

let all: SetUp;
let named: PracticePage;
let neighbour: PracticePage;
let tab: Tab;

beforeAll(async () => {
  all = await setUp();
  const { kite } = all.practice.brokers;
  named = await startPracticePage(() => kite.sessions.size > 0);
  neighbour = await startPracticePage(() => kite.sessions.size > 0);
  await switchOn(all.browser, all.ids.zerodha, named.url);
});
afterAll(async () => {
  await all.close();
  await named.close();
  await neighbour.close();
});
beforeEach(async () => {
  all.practice.brokers.kite.endSession();
  tab = await all.browser.newTab();
});
afterEach(() => tab.close());

const quote = () => tab.evaluate(() => fetch('/api/quote').then(({ status }) => status));

const isAsked = () => tab.evaluate(() => document.querySelector('opening-bell') !== null);

it('a read waits for the login, and then completes', async () => {
  await tab.goto(named.url);
  const answered = quote();
  await until(isAsked, (asked) => asked);
  // A dialog that has just come takes no key yet.
  await new Promise((wait) => setTimeout(wait, 600));
  const login = await all.browser.loginTab(() => tab.press('opening-bell', 'Enter'));
  await login.click('#login');
  expect(await answered).toBe(200);
  expect(named.received.map(({ answer }) => answer)).toEqual(['auth', 'ok']);
  await login.close();
});

it('another port of the same host gets its answer at once, and no dialog', async () => {
  await tab.goto(neighbour.url);
  expect(await quote()).toBe(401);
  expect(await isAsked()).toBe(false);
});
