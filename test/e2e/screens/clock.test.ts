import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import type { Status } from '../../../utils/domain/view/status.ts';
import type { SessionReport, SessionState } from '../../../utils/shared/contract.ts';
import { istClock } from '../../../utils/shared/time.ts';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { openDestination, type Sent, type TestDestination } from '../../support/backend/destination.ts';
import { pairWith } from '../../support/backend/pairing.ts';
import { BUILT, type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { ANY_HOUR } from '../../support/samples/samples.ts';
import { until } from '../../support/until.ts';

const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString();

/** The built extension with notifications granted at install: no test tool can say yes to Chromium's own question. */
function withNotifications(): string {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-notifying-'));
  cpSync(BUILT, folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { permissions: string[]; optional_permissions: string[] };
  manifest.permissions.push('notifications');
  manifest.optional_permissions = ['cookies'];
  writeFileSync(path, JSON.stringify(manifest));
  return folder;
}

/** A time of day in India, some minutes from now. */
function clockIn(minutes: number) {
  const at = (istClock(Date.now()).minutes + minutes + 1_440) % 1_440;
  return { hour: Math.floor(at / 60), minute: at % 60 };
}

/** Today as a trading day, whatever day it is, with reminders at every hour; tomorrow too, should midnight come between. */
const ALWAYS = {
  ...DEFAULT_PREFERENCES,
  notify: true,
  morning: { hour: 0, minute: 0 },
  quiet: null,
  own: {
    days: [0, 1_440 * MINUTE].map((later) => ({
      date: istClock(Date.now() + later).date,
      kind: 'trading' as const,
      name: 'test',
      hours: { from: { hour: 0, minute: 0 }, to: { hour: 23, minute: 59 } },
    })),
    through: null,
  },
};

let all: SetUp<Chromium>;
let backend: TestDestination;
let account: string;
let extension: string;
/** What the backend says beside the usual. */
let told: Partial<SessionState> = {};
let isAway = false;

beforeAll(async () => {
  extension = withNotifications();
  all = await setUpIn(startChromium, { extension });
  backend = await openDestination();
  const change = (sent: Sent): Sent => {
    const body = JSON.parse(sent.body) as SessionReport;
    return { ...sent, body: JSON.stringify({ ...body, session: { ...body.session, ...told } }) };
  };
  backend.answerChecks((_, usual) => (isAway ? 'drop' : change(usual())));
  const { browser: chromium } = all;
  // Only one account, so that the badge speaks for it.
  for (const id of Object.values(all.ids)) await chromium.send({ type: 'forget', account: id });
  account = await pairWith(chromium, backend, 'clock');
});
afterAll(async () => {
  await all.close();
  await backend.close();
  rmSync(extension, { recursive: true, force: true });
});

const check = () => all.browser.send({ type: 'retry', account });
const clock = (rule: object) =>
  all.browser.send({ type: 'set-clock', account, clock: { rule: rule as never, renewsItself: false } });

async function shownStatus(status: Status) {
  const { browser: chromium } = all;
  await until(
    () => chromium.account('clock'),
    (one) => one?.status === status,
  );
  return until(
    () => badge(chromium),
    ({ title }) => title.includes('clock'),
  );
}

function badge({ options }: Chromium) {
  return options.evaluate(async () => ({
    text: await chrome.action.getBadgeText({}),
    color: [...(await chrome.action.getBadgeBackgroundColor({}))].slice(0, 3).join(' '),
    title: await chrome.action.getTitle({}),
  }));
}

const RED = '179 38 30';
const AMBER = '138 75 0';
const GREEN = '28 122 76';
const GREY = '92 102 112';

describe('the badge in the real toolbar', () => {
  const alive = (change: Partial<SessionState> = {}): Partial<SessionState> => ({
    state: 'verified',
    delivery: 'ob_elsewhere',
    user: 'AB****',
    exchanged_at: iso(Date.now() - 10 * MINUTE),
    verified_at: iso(Date.now() - 10 * MINUTE),
    expires_at: iso(Date.now() + 3 * 60 * MINUTE),
    ...change,
  });

  const say = (change: Partial<SessionState>) => {
    told = change;
    return check();
  };
  const goAway = (away: boolean) => {
    isAway = away;
    return check();
  };
  const endsIn = (minutes: number) => say(alive({ expires_at: iso(Date.now() + minutes * MINUTE) }));

  it.each<[Status, text: string, color: string, ...(() => Promise<unknown>)[]]>([
    ['never', '!', AMBER, check],
    ['verified', '✓', GREEN, () => say(alive())],
    ['rejected', '✕', RED, () => say(alive({ state: 'rejected' }))],
    ['expired', '!', AMBER, () => endsIn(-1)],
    ['due-soon', '30', AMBER, () => clock({ ttlMs: 24 * 60 * MINUTE }), () => endsIn(25)],
    ['renew-now', '15', AMBER, () => endsIn(10)],
    ['suspect', '~', AMBER, () => clock({ at: clockIn(-60), suspectUntil: clockIn(60) }), () => say(alive())],
    ['unreachable', '⌀', RED, () => clock(ANY_HOUR.rule ?? {}), () => goAway(true)],
    ['verified', '✓', GREEN, () => goAway(false)],
    ['paused', '', GREY, () => all.browser.send({ type: 'pause', account, paused: true })],
    ['verified', '✓', GREEN, () => all.browser.send({ type: 'pause', account, paused: false })],
    ['setup', '', GREY, () => all.browser.revoke('http://127.0.0.1/*')],
    ['verified', '✓', GREEN, () => all.browser.allow('http://127.0.0.1/*')],
  ])('of %s is “%s” on %s', async (status, text, color, ...steps) => {
    for (const step of steps) await step();
    await shownStatus(status);
    await expect.poll(() => badge(all.browser)).toMatchObject({ text, color });
  });

  it('has the exact time in its tooltip', async () => {
    expect((await badge(all.browser)).title).toMatch(/Ends at \d\d:\d\d.* IST\./);
  });

  it('says “unverified” after the clock was changed, until the backend was asked again', async () => {
    const { browser: chromium } = all;
    let answer = () => {};
    const asked = new Promise<void>((done) => {
      answer = done;
    });
    backend.answerChecks(async (_, usual) => {
      await asked;
      return { ...usual(), body: JSON.stringify({ ...JSON.parse(usual().body), session: { ...alive() } }) };
    });
    // As if this computer's clock had been an hour ahead when the background last looked at it; the next one reads it anew.
    await chromium.options.evaluate(setBack, Date.now() + 60 * MINUTE);
    await chromium.killWorker();
    // Its reply comes with the backend's, so it is not waited for yet.
    const refreshed = chromium.send({ type: 'refresh' });
    await shownStatus('unverified');
    await expect.poll(() => badge(chromium)).toMatchObject({ text: '?', color: GREY });
    answer();
    await refreshed;
    await shownStatus('verified');
  });
});

describe('a reminder', () => {
  const shown = () =>
    all.browser.options.evaluate(
      () => new Promise<string[]>((done) => chrome.notifications.getAll((notices) => done(Object.keys(notices)))),
    );
  /** What the browser does when a person presses a notification: no tool can press it. */
  const press = async (what: 'onClicked' | 'onButtonClicked', ...details: unknown[]) => {
    const worker = all.browser.context.serviceWorkers()[0] ?? (await all.browser.context.waitForEvent('serviceworker'));
    await worker.evaluate(
      ([name, args]) => {
        const events = chrome.notifications as unknown as Record<string, { dispatch(...args: unknown[]): void }>;
        events[name as string]?.dispatch(...(args as unknown[]));
      },
      [what, details] as const,
    );
  };
  const reject = async (minutesAgo: number) => {
    told = {
      state: 'rejected',
      delivery: 'ob_elsewhere',
      exchanged_at: iso(Date.now() - minutesAgo * MINUTE),
      verified_at: null,
      expires_at: null,
    };
    await check();
  };

  beforeAll(async () => {
    backend.answerChecks((_, usual) => {
      const sent = usual();
      return { ...sent, body: JSON.stringify({ ...JSON.parse(sent.body), session: { user: null, ...told } }) };
    });
    expect(await all.browser.send({ type: 'save-preferences', preferences: ALWAYS })).toMatchObject({ ok: true });
  });

  it('is shown by the browser when the backend reports a rejection', async () => {
    await reject(30);
    await until(shown, (names) => names.includes(account));
  });

  it('goes with “Snooze”', async () => {
    await press('onButtonClicked', account, 0);
    await until(shown, (names) => !names.includes(account));
  });

  it('that is clicked opens the broker’s login', async () => {
    const tab = await all.browser.loginTab(() => press('onClicked', account));
    await tab.waitForSelector('#login');
    expect(new URL(tab.url()).hostname).toBe('kite.zerodha.com');
    await tab.close();
  });

  it('is not shown again today after “Not today”', async () => {
    await press('onButtonClicked', account, 1);
    await reject(20);
    await shownStatus('rejected');
    await all.browser.options.waitForTimeout(300);
    expect(await shown()).toEqual([]);
  });

  it('can be answered on a page of ours, where notifications have no buttons', async () => {
    const page = await all.browser.context.newPage();
    await page.goto(all.browser.url(`reminder.html#${account}`));
    await page.click('[data-action="snooze"]');
    await until(
      () => page.innerText('body'),
      (text) => /again in 10 minutes/.test(text),
    );
    await page.close();
  });
});

describe('the settings', () => {
  const says = (selector: string, words: RegExp) =>
    until(
      () => all.browser.options.locator(selector).innerText(),
      (text) => words.test(text),
    );

  it('name what is wrong with a reminder’s times, and keep what is right', async () => {
    const { options } = all.browser;
    await options.click('.sections a[href="#reminders"]');
    const section = options.locator('[data-section="reminders"]');
    await section.locator('[name="morning"]').fill('25:00');
    await section.locator('[name="quiet.from"]').fill('evening');
    await section.locator('[data-action="save-reminders"]').click();
    await says('[data-section="reminders"]', /This must be a time of day like 08:45[\s\S]*This must be a time of day/);
    await section.locator('[name="morning"]').fill('8:50');
    await section.locator('[name="quiet.from"]').fill('');
    await section.locator('[name="quiet.to"]').fill('');
    await section.locator('[data-action="save-reminders"]').click();
    await says('[data-section="reminders"]', /Saved\./);
    await expect
      .poll(async () => (await all.browser.overview())?.preferences)
      .toMatchObject({
        morning: { hour: 8, minute: 50 },
        quiet: null,
      });
  });

  it('take in a year’s list and a day of one’s own, or say which line is none', async () => {
    const { options } = all.browser;
    await options.click('.sections a[href="#market"]');
    const list = options.locator('form[aria-label="A year’s list"]');
    await list.locator('textarea').fill('26-Jan-2027 Republic Day\n31-Feb-2027 Nothing');
    await list.locator('button').click();
    await says('form[aria-label="A year’s list"]', /Line 2 holds no day/);
    await list.locator('textarea').fill('26-Jan-2027 Republic Day');
    await list.locator('button').click();
    await options.locator('[name="year"]').selectOption('2027');
    await options.locator('[data-day="2027-01-26"]').waitFor();
    const own = options.locator('form[aria-label="A day of my own"]');
    await own.locator('[name="date"]').fill('2027-02-30');
    await own.locator('button').click();
    await says('form[aria-label="A day of my own"]', /must be a day that exists/);
    await own.locator('[name="date"]').fill('2027-02-15');
    await own.locator('button').click();
    await options.locator('[data-day="2027-02-15"]').waitFor();
    await options.locator('[name="market"]').selectOption('mcx');
    await until(
      () => all.browser.overview(),
      (view) => view?.preferences.market === 'mcx',
    );
  });

  it('give an account a rule of its own, or say what is wrong with it', async () => {
    await all.browser.options.click('.sections a[href="#accounts"]');
    const section = all.browser.options.locator('section[data-account="clock"]');
    await section.locator('[data-action="edit-clock"]').click();
    const form = section.locator('form[aria-label="End of the session"]');
    await form.locator('[name="rule"]').selectOption('own');
    await form.locator('[name="at"]').fill('six');
    await form.locator('[name="ttlMs"]').fill('200');
    await form.locator('[data-action="save-clock"]').click();
    await until(
      () => form.innerText(),
      (text) => /This must be a time of day like 06:00/.test(text),
    );
    await form.locator('[name="at"]').fill('03:30');
    await form.locator('[data-action="save-clock"]').click();
    await until(
      () => form.innerText(),
      (text) => /This must be between 5 minutes and 7 days/.test(text),
    );
    await form.locator('[name="ttlMs"]').fill('8');
    await form.locator('[name="suspectUntil"]').fill('');
    await form.locator('[data-action="save-clock"]').click();
    await form.waitFor({ state: 'detached' });
    await expect
      .poll(async () => (await all.browser.account('clock'))?.settings.clock?.rule)
      .toEqual({
        at: { hour: 3, minute: 30 },
        ttlMs: 8 * 60 * MINUTE,
      });
    await all.browser.send({ type: 'save-preferences', preferences: ALWAYS });
    await clock(ANY_HOUR.rule ?? {});
  });
});

describe('in the browser itself', () => {
  it('the popup has its shortcut', async () => {
    const commands = await all.browser.options.evaluate(() => chrome.commands.getAll());
    expect(commands.map(({ name, shortcut }) => [name, shortcut])).toEqual([['_execute_action', 'Alt+Shift+O']]);
  });

  it('the toolbar button’s menu logs in, checks and pauses', async () => {
    const { browser: chromium } = all;
    const worker = chromium.context.serviceWorkers()[0] ?? (await chromium.context.waitForEvent('serviceworker'));
    const press = (action: string) =>
      worker.evaluate((menuItemId) => {
        const { onClicked } = chrome.contextMenus as unknown as {
          onClicked: { dispatch(info: { menuItemId: string }): void };
        };
        onClicked.dispatch({ menuItemId });
      }, `${action}:${account}`);
    // An entry that is not there cannot be updated.
    const has = (action: string) =>
      chromium.options.evaluate(
        (id) =>
          chrome.contextMenus.update(id, {}).then(
            () => true,
            () => false,
          ),
        `${action}:${account}`,
      );
    expect([await has('log-in'), await has('check'), await has('pause'), await has('resume')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    await press('pause');
    await shownStatus('paused');
    expect([await has('log-in'), await has('resume')]).toEqual([false, true]);
    await press('resume');
    await shownStatus('rejected');
    const before = backend.received.length;
    await press('check');
    await until(
      () => backend.received.length,
      (length) => length > before,
    );
    const tab = await chromium.loginTab(() => press('log-in'));
    await tab.waitForSelector('#login');
    await tab.close();
  });

  it('one alarm is set, and a killed background does not move it', async () => {
    const { browser: chromium } = all;
    told = { state: 'none', delivery: null, exchanged_at: null, verified_at: null, expires_at: null };
    // A login under way keeps an alarm near, and the tests above left some open.
    await chromium.options.evaluate(async () => {
      const keys = Object.keys(await chrome.storage.session.get(null));
      await chrome.storage.session.remove(keys.filter((key) => key.startsWith('login:')));
    });
    // A background knows what it has read once.
    await chromium.killWorker();
    await check();
    const alarms = () => chromium.options.evaluate(() => chrome.alarms.getAll());
    const [first, ...more] = await until(alarms, ([one]) => (one?.scheduledTime ?? 0) > Date.now() + 4 * MINUTE);
    expect(more).toEqual([]);
    await chromium.killWorker();
    await chromium.send({ type: 'history' });
    await chromium.options.waitForTimeout(300);
    expect(await alarms()).toEqual([first]);
  });
});

describe('a login while the broker’s web session', () => {
  const silent = (isSilent: boolean) => {
    all.practice.brokers.kite.shape.silent = isSilent;
  };
  const captures = async () => backend.tokens().length;

  it('has ended shows the broker’s page in front', async () => {
    silent(true);
    all.practice.brokers.kite.webSessions.clear();
    const before = await captures();
    const tab = await all.browser.loginTab(() => all.browser.send({ type: 'log-in', account }));
    await tab.waitForSelector('#login');
    expect(await tab.evaluate(() => document.visibilityState)).toBe('visible');
    await tab.click('#login');
    await until(captures, (count) => count === before + 1);
    await until(
      () => tab.url(),
      (url) => url.endsWith('captured.html'),
    );
    // The person was there, so the page stays until they close it.
    await tab.waitForTimeout(2_000);
    expect(tab.isClosed()).toBe(false);
    await tab.close();
  });

  it('lives goes by itself, and its tab closes', async () => {
    const before = await captures();
    const tab = await all.browser.loginTab(() => all.browser.send({ type: 'log-in', account }));
    await until(captures, (count) => count === before + 1);
    await until(
      () => tab.isClosed(),
      (isClosed) => isClosed,
    );
  });

  it('lives is renewed by itself where that is switched on, in a tab behind', async () => {
    const before = await captures();
    const front = all.browser.options;
    await front.bringToFront();
    await all.browser.send({ type: 'set-clock', account, clock: { ...ANY_HOUR, renewsItself: true } });
    told = {
      state: 'rejected',
      delivery: 'ob_elsewhere',
      exchanged_at: iso(Date.now() - 5 * MINUTE),
      verified_at: null,
      expires_at: null,
    };
    const opened = all.browser.context.waitForEvent('page');
    await check();
    const tab = await opened;
    await until(captures, (count) => count === before + 1);
    expect(await front.evaluate(() => document.visibilityState)).toBe('visible');
    await until(
      () => tab.isClosed(),
      (isClosed) => isClosed,
    );
  });

  it('has ended is left alone: the tab behind closes, and nothing is typed', async () => {
    all.practice.brokers.kite.webSessions.clear();
    const before = await captures();
    const posts = () => all.practice.brokers.kite.requests.filter(({ method }) => method === 'POST').length;
    const typed = posts();
    told = { ...told, exchanged_at: iso(Date.now() - 4 * MINUTE) };
    const opened = all.browser.context.waitForEvent('page');
    await check();
    const tab = await opened;
    await until(
      () => tab.isClosed(),
      (isClosed) => isClosed,
    );
    expect([await captures(), posts()]).toEqual([before, typed]);
  });
});

/** Makes the background's last look at the clock lie at `at`. */
async function setBack(at: number): Promise<void> {
  const database = await new Promise<IDBDatabase>((opened) => {
    const request = indexedDB.open('opening-bell');
    request.onsuccess = () => opened(request.result);
  });
  const json = JSON.stringify({ at, jumpedAt: null });
  // The checksum of a stored record (FNV-1a), as the background checks it.
  let sum = 0x811c9dc5;
  for (const char of new TextEncoder().encode(json)) sum = Math.imul(sum ^ char, 0x01000193) >>> 0;
  const record = { version: 1, sum: sum.toString(16).padStart(8, '0'), json };
  await new Promise<void>((done) => {
    const transaction = database.transaction('records', 'readwrite');
    transaction.objectStore('records').put(record, 'clock');
    transaction.oncomplete = () => done();
  });
  database.close();
}
