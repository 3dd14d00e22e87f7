import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { dialogsIn, switchOn } from '../../support/hold/dashboard.ts';
import { dialogOf, logInBy, noDialog } from '../../support/hold/login.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';
import { generator } from '../../support/samples/random.ts';
import { until } from '../../support/until.ts';

const TOTAL = 100;
/** By so many polls in each tab and of each kind: what is alike waits as one, and each one is a second to its account's broker. */
const POLLS = 2;
const WAITING = 3 * 2 * POLLS;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** Random moments in percent of a run; with their seed, which a failure prints, the same ones come again. */
function momentsOf(seed: number, count: number): number[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => Math.floor(random() * 100));
}

describe('a hundred requests in three tabs that fail together', () => {
  let all: SetUp<Chromium>;
  let server: PracticePage;
  let tabs: Page[];

  beforeAll(async () => {
    all = await setUpIn(startChromium);
    const { kite } = all.practice.brokers;
    server = await startPracticePage(() => kite.sessions.size > 0);
    await switchOn(all.browser, all.ids.zerodha, server.url);
    tabs = await Promise.all([1, 2, 3].map(() => all.browser.context.newPage()));
    for (const tab of tabs) await tab.goto(server.url);
  });
  afterAll(async () => {
    await all.close();
    await server.close();
  });

  /** Half by fetch, half by XMLHttpRequest. */
  const failAll = () =>
    tabs.map((tab, index) =>
      tab.evaluate(
        ({ tab: own, count, polls }) =>
          Promise.all(
            Array.from({ length: count }, (_, at) => {
              const isFetch = at % 2 === 0;
              const url = `/api/quote/${own}-${isFetch}-${Math.floor(at / 2) % polls}`;
              if (isFetch) return fetch(url).then((one) => one.status);
              return new Promise<number>((resolve) => {
                const xhr = new XMLHttpRequest();
                xhr.onload = () => resolve(xhr.status);
                xhr.open('GET', url);
                xhr.send();
              });
            }),
          ),
        { tab: index, count: index < 2 ? 34 : TOTAL - 68, polls: POLLS },
      ),
    );

  /** The tab that shows the dialog: without a screen the browser calls them all visible. */
  async function shower(has: string): Promise<Page> {
    const found = await until(
      async () =>
        Promise.all(
          tabs.map(async (tab) => ((await dialogsIn(tab)).some(({ text }) => text.includes(has)) ? tab : null)),
        ),
      (some) => some.some((tab) => tab !== null),
    );
    return found.find((tab) => tab !== null) as Page;
  }

  async function dialogCount(): Promise<number> {
    const found = await Promise.all(tabs.map((tab) => dialogsIn(tab)));
    return found.flat().length;
  }

  /** Presses *Log in*, and once more where the background was killed before it had heard of it. */
  async function openLogin(has: string): Promise<Page> {
    const known = new Set(all.browser.context.pages());
    const opened = () => all.browser.context.pages().find((page) => !known.has(page));
    for (;;) {
      const dialog = await dialogOf(await shower(has), has);
      // Meanwhile it may stand in another page.
      await dialog.press('log-in').catch(() => undefined);
      const login = await until(opened, (page) => page !== undefined, 5_000).catch(() => undefined);
      if (login) return login;
    }
  }

  /** Gives how many dialogs there were when the first one stood. */
  async function run(between: (step: number) => Promise<void>): Promise<number> {
    const { kite } = all.practice.brokers;
    kite.endSession();
    server.received.length = 0;
    const exchanges = kite.exchanges.length;
    const answers = failAll();
    await between(0);
    // One that is answered after the login waits for nothing, and is no poll that is alike any more.
    await until(
      () => server.received.length,
      (count) => count >= TOTAL,
    );
    const waiting = `${WAITING} requests wait in 3 pages`;
    await shower(waiting);
    const shown = await dialogCount();
    // A background that was killed may choose another page until it has heard from all of them.
    await until(dialogCount, (count) => count === 1);
    await between(1);
    const login = await openLogin(waiting);
    await between(2);
    await login.click('#login');
    await between(3);
    expect((await Promise.all(answers)).flat()).toEqual(Array.from({ length: TOTAL }, () => 200));
    await login.close();
    for (const tab of tabs) await noDialog(tab);
    expect(kite.exchanges.slice(exchanges).map(({ outcome }) => outcome)).toEqual(['accepted']);
    const times = new Map<string, number>();
    for (const { path } of server.received.filter(({ answer }) => answer === 'ok'))
      times.set(path, (times.get(path) ?? 0) + 1);
    expect([times.size, new Set(times.values())]).toEqual([WAITING, new Set([1])]);
    return shown;
  }

  /** How long a run takes here when nobody kills anything. */
  let runMs = 0;
  it('raise one dialog and one login, and all complete once', async () => {
    const began = Date.now();
    expect(await run(async () => undefined)).toBe(1);
    runMs = Date.now() - began;
  });

  it.each([0, 1, 2, 3])('and so with the background killed at step %i', (at) =>
    run(async (step) => {
      if (step !== at) return;
      await new Promise((wait) => setTimeout(wait, Math.random() * 300));
      await all.browser.killWorker();
    }).then(() => undefined),
  );

  it.each(momentsOf(SEED, 12))(
    `and so with the background killed at %i percent of a run (seed ${SEED})`,
    async (at) => {
      const killed = new Promise((wait) => setTimeout(wait, (runMs * at) / 100)).then(() => all.browser.killWorker());
      await Promise.all([run(async () => undefined), killed]);
    },
  );

  it('raise it again where as many fail again at once', async () => {
    const { kite } = all.practice.brokers;
    for (let round = 0; round < 3; round += 1) {
      kite.endSession();
      const answers = failAll();
      const waiting = `${WAITING} requests wait in 3 pages`;
      const login = await openLogin(waiting);
      await login.click('#login');
      expect((await Promise.all(answers)).flat()).toEqual(Array.from({ length: TOTAL }, () => 200));
      await login.close();
    }
  });

  it('show the login page that is open when it is asked for again', async () => {
    all.practice.brokers.kite.endSession();
    const [first, second] = tabs as [Page, Page, Page];
    const one = first.evaluate(() => fetch('/api/quote/1').then(({ status }) => status));
    const two = second.evaluate(() => fetch('/api/quote/2').then(({ status }) => status));
    const shown = await shower('2 requests wait');
    const login = await all.browser.loginTab(async () => (await dialogOf(shown, '2 requests wait')).press('log-in'));
    const count = all.browser.context.pages().length;
    await (await dialogOf(shown, '2 requests wait')).press('log-in');
    await shown.waitForTimeout(500);
    expect(all.browser.context.pages().length).toBe(count);
    await login.click('#login');
    expect(await Promise.all([one, two])).toEqual([200, 200]);
    await login.close();
  });

  it('of a page that is reloaded are gone, and counted', async () => {
    all.practice.brokers.kite.endSession();
    const [first] = tabs as [Page, Page, Page];
    await first.bringToFront();
    void first.evaluate(() => void Promise.all([fetch('/api/quote/1'), fetch('/api/quote/2')]));
    await dialogOf(first, '2 requests wait');
    await first.reload();
    const { options } = all.browser;
    await options.bringToFront();
    await options.click('.sections a[href="#dashboards"]');
    await options.locator('[data-dashboard]', { hasText: '2 waiting requests are gone' }).waitFor();
    expect(await dialogsIn(first)).toEqual([]);
  });

  it('of a frame are answered too, with the dialog in the page around it', async () => {
    all.practice.brokers.kite.endSession();
    const [first] = tabs as [Page, Page, Page];
    await first.goto(server.url);
    await first.evaluate(
      (url) =>
        new Promise((loaded) => {
          const frame = document.createElement('iframe');
          frame.style.cssText = 'width: 40px; height: 20px';
          frame.src = url;
          frame.onload = loaded;
          document.body.append(frame);
        }),
      server.url,
    );
    const frame = first.frames()[1];
    const answered = frame?.evaluate(() => fetch('/api/quote/framed').then(({ status }) => status));
    const dialog = await dialogOf(first, 'One request waits');
    expect(await frame?.evaluate(() => document.querySelector('opening-bell'))).toBeNull();
    await logInBy(all, dialog);
    expect(await answered).toBe(200);
  });
});
