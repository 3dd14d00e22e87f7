import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SetUp as In, setUpIn } from '../../start/set-up.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startSite } from '../../support/backend/target.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { until } from '../../support/until.ts';

type SetUp = In<Chromium>;
const LOGIN = `https://kite.zerodha.com/connect/login?v=3&api_key=${APPS.zerodha.apiKey}`;

describe('what a person does on the screens', () => {
  let all: SetUp;
  beforeAll(async () => {
    all = await setUpIn(startChromium);
  });
  afterAll(() => all.close());

  it('pastes a redirect address into the popup, and it goes out only after a second yes', async () => {
    const { browser, practice } = all;
    const token = practice.brokers.kite.issue(APPS.zerodha.apiKey);
    const popup = await browser.popup();
    const card = '[data-account="zerodha"]';
    await popup.click(`${card} [data-action="paste"]`);
    await popup.type(`${card} [name="paste"]`, 'this is no token');
    await popup.click(`${card} .paste [type="submit"]`);
    await until(
      () => popup.text(),
      (text) => /holds no token of Zerodha/.test(text),
    );
    await popup.type(`${card} [name="paste"]`, `http://127.0.0.1/?status=success&request_token=${token}`);
    await popup.click(`${card} .paste [type="submit"]`);
    await until(
      () => popup.text(),
      (text) => /Send the pasted token/.test(text),
    );
    expect(practice.brokers.kite.exchanges).toEqual([]);
    await popup.click(`${card} [data-action="accept"]`);
    await until(
      () => browser.account('zerodha'),
      (one) => one?.status === 'live',
    );
    expect(practice.brokers.kite.exchanges.map(({ outcome }) => outcome)).toEqual(['accepted']);
  });

  it('confirms the account of the first login once', async () => {
    const { browser } = all;
    const popup = await browser.popup();
    await until(
      () => popup.text(),
      (text) => /logged in as AB\*\*\*\*/.test(text),
    );
    await popup.click('[data-account="zerodha"] [data-action="confirm-user"]');
    await until(
      () => popup.text(),
      (text) => !/logged in as AB/.test(text),
    );
  });

  it('tests a destination from the settings without exchanging anything', async () => {
    const { browser, practice } = all;
    const before = practice.brokers.kite.exchanges.length;
    await browser.options.locator('section[data-account="zerodha"] [data-action="test"]').click();
    const steps = browser.options.locator('section[data-account="zerodha"] [data-step]');
    await until(
      () => steps.count(),
      (count) => count === 3,
    );
    expect(await steps.evaluateAll((items) => items.map((one) => [one.dataset.step, one.dataset.ok]))).toEqual([
      ['Permission', 'true'],
      ['Proof', 'true'],
      ['Dry run', 'true'],
    ]);
    expect(practice.brokers.kite.exchanges).toHaveLength(before);
  });

  it('sees its state in the popup while the background is dead', async () => {
    const { browser } = all;
    await browser.killWorker();
    const popup = await browser.popup();
    expect(await popup.text()).toMatch(/Zerodha[\s\S]*Live/);
  });

  it('takes an address back, reads what is missing, and allows it again', async () => {
    const { browser } = all;
    const { options } = browser;
    await options.click('.sections a[href="#permissions"]');
    await options.locator('[data-host="https://kite.zerodha.com/*"] button').click();
    await until(
      () => browser.account('zerodha'),
      (one) => one?.advice?.mend === 'grant',
    );
    await options.click('.sections a[href="#accounts"]');
    await options.locator('section[data-account="zerodha"] [data-action="allow"]').click();
    await until(
      () => browser.account('zerodha'),
      (one) => one?.status === 'live',
    );
  });

  it('keeps its rules over a restart of the background without writing them again', async () => {
    const { browser } = all;
    // A mark that only a rewriting of the rules would take away.
    await browser.options.evaluate(async () => {
      const [rule] = await chrome.declarativeNetRequest.getDynamicRules();
      if (!rule) throw new Error('there is no rule');
      const addRules = [{ ...rule, priority: 7 }];
      await chrome.declarativeNetRequest.updateDynamicRules({ removeRuleIds: [rule.id], addRules });
    });
    await browser.killWorker();
    await browser.send({ type: 'refresh' });
    await browser.options.waitForTimeout(500);
    const rules = await browser.options.evaluate(() => chrome.declarativeNetRequest.getDynamicRules());
    expect(rules.filter(({ priority }) => priority === 7)).toHaveLength(1);
  });

  it('pauses an account: its login is refused and a redirect is left alone', async () => {
    const { browser, ids } = all;
    const rules = () => browser.options.evaluate(() => chrome.declarativeNetRequest.getDynamicRules());
    const before = await rules();
    await browser.send({ type: 'pause', account: ids.zerodha, paused: true });
    expect(await browser.send({ type: 'log-in', account: ids.zerodha })).toMatchObject({ ok: false });
    await expect.poll(async () => (await rules()).length).toBeLessThan(before.length);
    await browser.send({ type: 'pause', account: ids.zerodha, paused: false });
    await expect.poll(async () => (await rules()).length).toBe(before.length);
  });

  it('is asked about a silent login that another site began, on our page instead of an error', async () => {
    const { browser, practice, ids } = all;
    practice.brokers.kite.shape.silent = true;
    const start = practice.brokers.kite.exchanges.length;
    const person = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await person.click('#login');
    await until(
      () => person.url(),
      (url) => url.endsWith('captured.html'),
    );
    await person.close();
    await until(
      () => practice.brokers.kite.exchanges.length,
      (length) => length === start + 1,
    );
    const before = practice.brokers.kite.exchanges.length;
    const site = await startSite(() => `<!doctype html><a id="go" href="${LOGIN}">log in</a>`);
    const tab = await browser.context.newPage();
    await tab.goto(site.url);
    await tab.click('#go');
    await until(
      () => tab.url(),
      (url) => url === browser.url('captured.html'),
    );
    await until(
      () => tab.innerText('body').catch(() => ''),
      (text) => /not started here/.test(text),
    );
    expect(practice.brokers.kite.exchanges).toHaveLength(before);
    await tab.click('[data-action="accept"]');
    await until(
      () => practice.brokers.kite.exchanges.length,
      (length) => length === before + 1,
    );
    await tab.close();
    await site.close();
  });

  it('opens the login by hand in a tab, and it is captured without a question', async () => {
    const { browser, practice } = all;
    const before = practice.brokers.kite.exchanges.length;
    const tab = await browser.context.newPage();
    await tab.goto(LOGIN).catch(() => undefined);
    await until(
      () => practice.brokers.kite.exchanges.length,
      (length) => length === before + 1,
    );
    await until(
      () => tab.url(),
      (url) => url === browser.url('captured.html'),
    );
    await tab.close();
  });

  it('forgets an account, and nothing of it is left', async () => {
    const { browser, ids } = all;
    const section = browser.options.locator('section[data-account="icici"]');
    await section.locator('[data-action="forget"]').click();
    await section.locator('[data-action="forget-now"]').click();
    await until(
      () => browser.account('icici'),
      (one) => one === undefined,
    );
    await expect.poll(() => everything(all)).not.toContain(ids.icici);
  });
});

describe('a destination of one’s own, entered by hand', () => {
  let all: SetUp;
  let own: Awaited<ReturnType<typeof startOwn>>;
  beforeAll(async () => {
    all = await setUpIn(startChromium);
  });
  afterAll(() => all.close());
  beforeEach(async () => {
    own = await startOwn();
  });
  afterEach(() => own.close());

  it('names every wrong field in words, then takes the token as the backend wants it', async () => {
    const { browser, practice, ids } = all;
    const section = browser.options.locator('section[data-account="zerodha"]');
    await section.locator('[data-action="edit-destination"]').click();
    const form = section.locator('form[aria-label="Destination"]');
    await form.locator('[name="kind"]').selectOption('plain');
    await form.locator('[name="url"]').fill('http://trade.example.in/token');
    await form.locator('[name="field"]').fill('x'.repeat(70));
    await form.locator('[data-action="save-destination"]').click();
    await until(
      () => form.innerText(),
      (text) => /must be an https URL/.test(text) && /must be a field name/.test(text),
    );
    await form.locator('[name="url"]').fill(own.url);
    await form.locator('[name="format"]').selectOption('form');
    await form.locator('[name="field"]').fill('session_token');
    await form.locator('[name="authorization"]').selectOption('bearer');
    await form.locator('[name="secret"]').fill('mine');
    await form.locator('[name="success"]').fill('success');
    await form.locator('[data-action="save-destination"]').click();
    await form.waitFor({ state: 'detached' });

    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    const after = await until(
      () => browser.account('zerodha'),
      (one) => one?.status === 'accepted',
    );
    await tab.close();
    expect(after?.links?.map(({ name, note }) => [name, note])).toEqual([
      ['captured', null],
      ['delivered', 'accepted'],
    ]);
    const [issued] = [...practice.brokers.kite.tokens.keys()].slice(-1);
    expect(own.received).toEqual([
      { authorization: 'Bearer mine', type: 'application/x-www-form-urlencoded', body: `session_token=${issued}` },
    ]);
    await expect.poll(() => everything(all)).not.toContain(issued);
  });

  it('never sends a one-time token again whose answer was lost', async () => {
    const { browser, ids } = all;
    own.hangUp();
    const form = {
      kind: 'plain',
      url: own.url,
      method: 'POST',
      format: 'json',
      field: 'token',
      authorization: { kind: 'none' },
      success: null,
      secret: '',
    } as const;
    expect(await browser.send({ type: 'save-destination', account: ids.zerodha, form })).toMatchObject({ ok: true });
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    const after = await until(
      () => browser.account('zerodha'),
      (one) => one?.status === 'failed',
    );
    expect(after?.advice).toMatchObject({ mend: 'log-in', says: expect.stringContaining('never sent twice') });
    await browser.options.waitForTimeout(3_000);
    expect(own.received).toHaveLength(1);
    await tab.close();
  });
});

/** All that our stores hold, as text. */
function everything({ browser }: SetUp): Promise<string> {
  return browser.options.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((opened) => {
      const request = indexedDB.open('opening-bell');
      request.onsuccess = () => opened(request.result);
    });
    const read = (method: 'getAll' | 'getAllKeys') =>
      new Promise<unknown>((done) => {
        const request = database.transaction('records').objectStore('records')[method]();
        request.onsuccess = () => done(request.result);
      });
    const areas = await Promise.all([
      chrome.storage.session.get(null),
      chrome.storage.local.get(null),
      chrome.storage.sync.get(null),
    ]);
    const text = JSON.stringify([await read('getAll'), await read('getAllKeys'), areas]);
    database.close();
    return text;
  });
}

/** An update endpoint that a person already has. */
async function startOwn() {
  const received: { authorization: string; type: string; body: string }[] = [];
  let isHangingUp = false;
  const server: Server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    received.push({
      authorization: request.headers.authorization ?? '',
      type: request.headers['content-type'] ?? '',
      body,
    });
    if (isHangingUp) request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/update`,
    received,
    hangUp() {
      isHangingUp = true;
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
