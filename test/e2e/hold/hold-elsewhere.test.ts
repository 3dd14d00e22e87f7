import type { Page, Browser as Plain } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { openPlain, startPlain } from '../../support/browsers/plain.ts';
import { bareAccount, dialogsIn, switchOn } from '../../support/hold/dashboard.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';
import { until } from '../../support/until.ts';

let browser: Chromium;
/** The same browser without us. */
let plain: Plain;
let named: PracticePage;
let other: PracticePage;
/** The states that our background has been in since it was put to sleep. */
let states: string[] = [];
let lastState: string | undefined;

beforeAll(async () => {
  [named, other] = await Promise.all([startPracticePage(() => false), startPracticePage(() => false)]);
  browser = await startChromium();
  const cdp = await browser.context.newCDPSession(browser.options);
  cdp.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    states.push(...versions.map(({ runningStatus }) => runningStatus));
    lastState = versions.at(-1)?.runningStatus ?? lastState;
  });
  await cdp.send('ServiceWorker.enable');
  plain = await startPlain();
  await switchOn(browser, await bareAccount(browser), named.url);
});
afterAll(async () => {
  await browser.close();
  await plain.close();
  await Promise.all([named.close(), other.close()]);
});

/** Ends the background, and begins to look. */
async function sleep(): Promise<void> {
  await until(
    async () => {
      // One that is killed over an event is started for it once more.
      await browser.killWorker();
      await browser.options.waitForTimeout(500);
      return lastState;
    },
    (last) => last === 'stopped',
  );
  states = [];
}

/** Long enough for a background to start, had anything woken it. One that has stopped may be told of once more. */
async function slept(): Promise<string[]> {
  await browser.options.waitForTimeout(1_000);
  return states.filter((state) => state !== 'stopped');
}

/** Fails in every way that a dashboard's hold would see, and what the page makes of it. */
function fail(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const xhr = new Promise<number>((resolve) => {
      const one = new XMLHttpRequest();
      one.onload = () => resolve(one.status);
      one.open('POST', '/api/xhr?shape=200');
      one.send('{}');
    });
    for (const type of ['opening-bell:auth-required', 'opening-bell:hello', 'opening-bell:port'])
      document.dispatchEvent(new CustomEvent(type, { detail: { type: 'verify_trade' } }));
    const fetched = ['200', '401', '403', 'breeze'].map((shape) =>
      fetch(`/api/fetched?shape=${shape}`).then(({ status }) => status),
    );
    return Promise.all([xhr, ...fetched]);
  });
}

const ANSWERS = [200, 200, 401, 403, 500];

/** All that a page could see of us in its window and in what the hold replaces where it is. */
function look(page: Page): Promise<object> {
  return page.evaluate(() => {
    const tell = (name: string, owner: object) =>
      Reflect.ownKeys(owner).map((key) => {
        const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(owner, key) ?? {};
        const texts = [value, get, set].map((one) => (typeof one === 'function' ? String(one) : typeof one));
        return `${name}.${String(key)} ${JSON.stringify(flags)} ${texts.join(' | ')}`;
      });
    const { prototype } = XMLHttpRequest;
    return {
      keys: Reflect.ownKeys(window).map(String).sort(),
      held: [
        ...tell('XMLHttpRequest', XMLHttpRequest),
        ...tell('XMLHttpRequest.prototype', prototype),
        ...tell('EventTarget.prototype', EventTarget.prototype),
        ...tell('Response.prototype', Response.prototype),
        String(fetch),
        String(XMLHttpRequest),
        String(prototype.constructor === XMLHttpRequest),
      ],
      elements: [...document.querySelectorAll('*')].map(({ tagName }) => tagName),
    };
  });
}

/** The origins of the worlds that scripts live in beside the page's own. */
async function worlds(page: Page): Promise<string[]> {
  const cdp = await browser.context.newCDPSession(page);
  const origins: string[] = [];
  cdp.on('Runtime.executionContextCreated', ({ context }) => origins.push(context.origin));
  await cdp.send('Runtime.enable');
  await cdp.detach();
  return origins.filter((origin) => origin.startsWith('chrome-extension:'));
}

const onLocalhost = ({ url }: PracticePage) => url.replace('127.0.0.1', 'localhost');

describe('an origin that is not switched on (LEAK-06)', () => {
  it.each<[what: string, url: () => string]>([
    ['of a host that we may not see', () => onLocalhost(other)],
    ['of a host that we may see', () => other.url],
  ])('%s has nothing of ours in it, and no page of it can tell that we exist', async (_, url) => {
    const page = await browser.newTab();
    await page.goto(url());
    const without = await openPlain(plain);
    await without.goto(url());
    expect(await look(page)).toEqual(await look(without));
    expect(await worlds(page)).toEqual([]);
    expect(await fail(page)).toEqual(ANSWERS);
    expect(await look(page)).toEqual(await look(without));
    expect(await dialogsIn(page)).toEqual([]);
    await Promise.all([page.close(), without.close()]);
  });

  it('of a host that we may not see never wakes us', async () => {
    const page = await browser.newTab();
    await sleep();
    await page.goto(onLocalhost(other));
    expect(await fail(page)).toEqual(ANSWERS);
    await page.reload();
    expect(await fail(page)).toEqual(ANSWERS);
    await page.close();
    expect(await slept()).toEqual([]);
  });

  // On any port of it a login may come back, of which its navigations tell: these do wake us.
  it('of a host that we may see does not wake us by its requests', async () => {
    const page = await browser.newTab();
    await page.goto(other.url);
    await sleep();
    expect(await fail(page)).toEqual(ANSWERS);
    expect(await slept()).toEqual([]);
    await page.close();
  });
});

// What was measured above would say nothing if a wake-up could not be seen.
it('a page that is switched on does wake us, and has our scripts', async () => {
  const page = await browser.newTab();
  await sleep();
  await page.goto(named.url);
  await until(
    () => states,
    (seen) => seen.includes('running'),
  );
  expect(await worlds(page)).toHaveLength(1);
  const answered = page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
  await until(
    () => dialogsIn(page),
    ({ length }) => length === 1,
  );
  await page.close();
  await answered.catch(() => undefined);
});
