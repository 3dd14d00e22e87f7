import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { findSecrets, searchFolder } from '../../support/checks/secrets.ts';
import { dialogsIn } from '../../support/hold/dashboard.ts';
import { dialogOf, logInBy, noDialog } from '../../support/hold/login.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';
import { until } from '../../support/until.ts';

/** What a hostile page can do before anything else of it runs: it takes note of whatever it is handed. */
const HOSTILE = `<script>
  const caught = (window.caught = []);
  const spy = (owner, name) => {
    const own = owner[name];
    owner[name] = function (...args) { caught.push(name + ' ' + (this instanceof MessagePort)); return own.apply(this, args); };
  };
  spy(MessagePort.prototype, 'postMessage');
  spy(EventTarget.prototype, 'addEventListener');
  spy(Element.prototype, 'attachShadow');
  for (const name of ['then']) spy(Promise.prototype, name);
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
  Object.defineProperty(MessageEvent.prototype, 'data', { ...data, get() { caught.push('data ' + (this.target instanceof MessagePort)); return data.get.call(this); } });
  Object.defineProperty(Object.prototype, 'type', { configurable: true, get() { return 'retry'; }, set(value) { Object.defineProperty(this, 'type', { value, writable: true, enumerable: true, configurable: true }); } });
  Array.prototype.some = () => true;
  for (const name of ['opening-bell:port', 'opening-bell:hello']) document.addEventListener(name, () => caught.push('heard ' + name), true);
  for (let at = 0; at < 10; at += 1) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => caught.push('a forged port was answered');
    document.dispatchEvent(new Event('opening-bell:hello'));
    document.dispatchEvent(new MessageEvent('opening-bell:port', { ports: [port2], cancelable: true }));
    for (const message of [{ type: 'settings', settings: {} }, { type: 'retry', id: 1, key: null }]) port1.postMessage(message);
  }
</script>`;

let all: SetUp<Chromium>;
let server: PracticePage;
let hostile: PracticePage;
let page: Page;

/** Switches a dashboard on as a person does: in the settings, the browser's prompt answered with yes. */
async function switchOnByHand(url: string): Promise<void> {
  const { options } = all.browser;
  await options.bringToFront();
  await options.click('.sections a[href="#dashboards"]');
  await options.locator('[data-action=add-dashboard]').click();
  await options.locator('[name=origin]').fill(url);
  await options.locator('[data-action=save-dashboard]').click();
  await options.locator(`[data-dashboard="${url}"][data-granted=true]`).waitFor();
}

beforeAll(async () => {
  all = await setUpIn(startChromium);
  const { kite } = all.practice.brokers;
  server = await startPracticePage(() => kite.sessions.size > 0);
  hostile = await startPracticePage(() => kite.sessions.size > 0, HOSTILE);
  for (const { url } of [server, hostile]) await switchOnByHand(url);
});
afterAll(async () => {
  await all.close();
  await Promise.all([server.close(), hostile.close()]);
});
beforeEach(async () => {
  all.practice.brokers.kite.endSession();
  page = await all.browser.context.newPage();
  await page.goto(server.url);
  server.received.length = 0;
});
afterEach(() => page.close());

describe('the dialog', () => {
  it('takes Enter for the login, and no key of its own reaches the page', async () => {
    await page.evaluate(() => {
      const keys: string[] = [];
      Object.assign(window, { keys });
      for (const type of ['keydown', 'keyup', 'keypress', 'click'])
        for (const target of [window, document])
          for (const capture of [true, false])
            target.addEventListener(type, (event) => keys.push(`${type} ${(event as KeyboardEvent).key}`), capture);
    });
    const answered = page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
    await dialogOf(page, 'One request waits');
    await page.keyboard.press('Tab');
    await page.keyboard.press('b');
    for (let at = 0; at < 2; at += 1) await page.keyboard.press('Tab');
    const tab = await all.browser.loginTab(() => page.keyboard.press('Enter'));
    expect(await page.evaluate(() => (window as unknown as { keys: string[] }).keys)).toEqual([]);
    await tab.click('#login');
    expect(await answered).toBe(200);
    await tab.close();
  });

  it('takes Escape for Cancel, and gives the focus back', async () => {
    await page.locator('#own').focus();
    const answered = page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
    await dialogOf(page, 'One request waits');
    await page.keyboard.press('Escape');
    expect(await answered).toBe(401);
    await noDialog(page);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('own');
  });

  it('stands above a modal dialog of the page, and has a name, a description and no field (MSG-07)', async () => {
    await page.evaluate(() => {
      const own = document.createElement('dialog');
      own.textContent = 'mine';
      document.body.append(own);
      own.showModal();
    });
    const answered = page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
    const dialog = await dialogOf(page, 'One request waits');
    const cdp = await page.context().newCDPSession(page);
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    const seen = nodes.find(
      ({ role, name }) => role?.value === 'dialog' && name?.value === 'Log in to Zerodha to go on',
    );
    expect(seen?.properties?.find(({ name }) => name === 'modal')?.value.value).toBe(true);
    expect(seen?.description?.value).toContain('The broker session of zerodha has ended.');
    expect(nodes.filter(({ role }) => role?.value === 'textbox')).toEqual([]);
    await dialog.press('cancel');
    expect(await answered).toBe(401);
  });

  it('opens our own window for a paste', async () => {
    const answered = page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
    const dialog = await dialogOf(page, 'One request waits');
    const opened = await all.browser.loginTab(() => dialog.press('paste'));
    await opened.waitForURL(all.browser.url('popup.html'));
    await opened.close();
    await (await dialogOf(page)).press('cancel');
    await answered;
  });
});

describe('while a request waits', () => {
  it.each([
    [
      'fetch',
      'AbortController',
      'const c = new AbortController(); window.giveUp = () => c.abort(); return fetch("/api/a", { signal: c.signal }).catch(({ name }) => name);',
      'AbortError',
    ],
    [
      'XHR',
      'abort()',
      'return new Promise((resolve) => { const x = new XMLHttpRequest(); const seen = []; for (const name of ["readystatechange", "load", "abort", "timeout", "loadend"]) x.addEventListener(name, () => seen.push(name + x.readyState)); x.open("GET", "/api/c"); seen.length = 0; x.send(); x.onloadend = () => resolve(seen.filter((one) => !/change[23]/.test(one)).join()); window.giveUp = () => x.abort(); });',
      'readystatechange4,abort4,loadend4',
    ],
    // Where a time limit ends it, the page gets the answer that had come: hold-polls.test.ts.
  ])('%s: %s still ends it, and it is not sent again', async (_, __, code, result) => {
    const answered = page.evaluate(`(async () => { ${code} })()`);
    await dialogOf(page, 'One request waits');
    await page.evaluate('giveUp()');
    expect(await answered).toBe(result);
    await noDialog(page);
    expect(server.received).toHaveLength(1);
  });

  it('its body is stored nowhere (ORD-01)', async () => {
    const body = new Map([['body', 'bodyofanorder4711']]);
    const send = (text: string) => fetch('/api/order', { method: 'POST', body: text }).then(({ status }) => status);
    const answered = page.evaluate(send, 'bodyofanorder4711');
    await dialogOf(page, 'One request waits');
    const stored = await all.browser.options.evaluate(async () =>
      JSON.stringify([await chrome.storage.session.get(null), await chrome.storage.local.get(null)]),
    );
    expect(stored).toContain('account');
    expect(findSecrets(body, stored)).toEqual([]);
    expect(searchFolder(body, all.browser.profile)).toEqual([]);
    await (await dialogOf(page)).press('cancel');
    expect(await answered).toBe(401);
  });

  it('polls that are alike go out as one, and each is answered', async () => {
    const answered = page.evaluate(() =>
      Promise.all(
        Array.from({ length: 200 }, () =>
          fetch('/api/poll', { cache: 'no-store' }).then(async (one) => (await one.json()) as object),
        ),
      ),
    );
    await until(
      () => server.received.length,
      (count) => count === 200,
    );
    await logInBy(all, await dialogOf(page, 'One request waits'));
    expect(await answered).toEqual(Array.from({ length: 200 }, () => ({ ok: true, path: '/api/poll', body: 0 })));
    expect(server.done('/api/poll')).toHaveLength(1);
  });

  it('at most 64 do, and the rest pass', async () => {
    const statuses = page.evaluate(() => {
      Object.assign(window, { passed: 0 });
      const ask = async (at: number) => {
        const { status } = await fetch(`/api/many/${at}`);
        (window as unknown as { passed: number }).passed += 1;
        return status;
      };
      return Promise.all(Array.from({ length: 80 }, (_, at) => ask(at)));
    });
    const dialog = await dialogOf(page, '64 requests wait');
    // One that fails after Cancel would ask anew.
    await page.waitForFunction(() => (window as unknown as { passed: number }).passed === 16);
    await dialog.press('cancel');
    expect(await statuses).toEqual(Array.from({ length: 80 }, () => 401));
    expect(server.received).toHaveLength(80);
  });
});

describe('a page that cooperates', () => {
  it('can refuse, can describe, and hears of the renewal', async () => {
    const answered = page.evaluate(async () => {
      const heard: string[] = [];
      document.addEventListener('opening-bell:hold', (event) => {
        const { detail } = event as CustomEvent<{ url: string; method: string; description: string }>;
        if (detail.url.endsWith('/no')) event.preventDefault();
        detail.description = `Prices of ${new URL(detail.url).pathname}`;
      });
      document.addEventListener('opening-bell:renewed', () => heard.push('renewed'));
      const [no, yes] = await Promise.all([fetch('/api/no'), fetch('/api/yes', { method: 'POST' })]);
      return [no.status, yes.status, heard];
    });
    const dialog = await dialogOf(page, 'Prices of /api/yes');
    await logInBy(all, dialog);
    await (await dialogOf(page, 'Send these now?')).press('send');
    expect(await answered).toEqual([401, 200, ['renewed']]);
  });

  it.each(['futures_algorithm', 'verify_trade', 'nifty_strangle', 'my-own.operation'])(
    'gets its operation %s back on a click',
    async (type) => {
      const answered = page.evaluate(
        (name) =>
          new Promise((resolve) => {
            document.addEventListener('opening-bell:retry', (event) => resolve((event as CustomEvent).detail));
            const detail = { type: name, params: { symbol: 'NIFTY', lots: 2 }, description: 'Two lots' };
            document.dispatchEvent(new CustomEvent('opening-bell:auth-required', { detail }));
          }),
        type,
      );
      await logInBy(all, await dialogOf(page, `OPERATION ${type}`));
      await (await dialogOf(page, 'Send these now?')).press('send');
      expect(await answered).toEqual({ type, params: { symbol: 'NIFTY', lots: 2 } });
    },
  );

  it('hears of a cancelled one', async () => {
    const answered = page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('opening-bell:cancelled', (event) => resolve((event as CustomEvent).detail));
          document.dispatchEvent(
            new CustomEvent('opening-bell:auth-required', { detail: { type: 'verify_trade', params: 7 } }),
          );
        }),
    );
    await (await dialogOf(page, 'verify_trade')).press('cancel');
    expect(await answered).toEqual({ type: 'verify_trade', params: 7 });
  });
});

describe('a hostile page', () => {
  it('obtains nothing, commands nothing, and breaks nothing (MSG-05, MSG-06)', async () => {
    await page.goto(hostile.url);
    const answered = page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
    await dialogOf(page, 'One request waits');
    const pages = all.browser.context.pages().length;
    await page.evaluate(() => {
      const host = document.querySelector('opening-bell');
      for (const type of ['click', 'keydown', 'keyup']) {
        host?.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, clientX: 500, clientY: 400 }));
        document.dispatchEvent(new KeyboardEvent(type, { key: 'Enter', bubbles: true }));
      }
      for (let at = 0; at < 1_000; at += 1) {
        document.dispatchEvent(new CustomEvent('opening-bell:auth-required', { detail: { type: `hint_${at}` } }));
        document.dispatchEvent(new CustomEvent('opening-bell:renewed'));
      }
      return host?.shadowRoot;
    });
    await page.waitForTimeout(300);
    expect(all.browser.context.pages().length).toBe(pages);
    expect(await page.evaluate(() => document.querySelector('opening-bell')?.shadowRoot)).toBeNull();
    await logInBy(all, await dialogOf(page, '64 requests wait'));
    expect(await answered).toBe(200);
    const caught = await page.evaluate(() => (window as unknown as { caught: string[] }).caught);
    // The twenty posts are the page's own, into the ports that it forged.
    expect(caught.filter((one) => /true|forged/.test(one))).toEqual(
      Array.from({ length: 20 }, () => 'postMessage true'),
    );
  });

  it('that draws our dialog itself gets nothing for a real click in it', async () => {
    await page.goto(hostile.url);
    await page.evaluate(() => {
      const fake = document.createElement('opening-bell');
      fake.attachShadow({ mode: 'open' }).innerHTML =
        '<button data-act="log-in" style="position: fixed; inset: 0">Log in</button>';
      document.body.append(fake);
    });
    const pages = all.browser.context.pages().length;
    await page.mouse.click(400, 300);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
    expect(all.browser.context.pages().length).toBe(pages);
  });

  it('in a frame of a dashboard, of another origin, gets its answers at once, and no dialog', async () => {
    const origin = hostile.url.replace('127.0.0.1', 'localhost');
    await page.evaluate(
      (url) =>
        new Promise((loaded) => {
          const frame = document.createElement('iframe');
          frame.src = url;
          frame.onload = loaded;
          document.body.append(frame);
        }),
      origin,
    );
    const status = await page.frames()[1]?.evaluate(() => {
      document.dispatchEvent(new CustomEvent('opening-bell:auth-required', { detail: { type: 'verify_trade' } }));
      return fetch('/api/quote').then((one) => one.status);
    });
    expect(status).toBe(401);
    await page.waitForTimeout(500);
    expect(await dialogsIn(page)).toEqual([]);
  });

  it('of another origin cannot tell that we exist', async () => {
    await page.goto(server.url.replace('127.0.0.1', 'localhost'));
    // A frame's own function also sees what stands in for another.
    const texts = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const { toString: textOf } = (frame.contentWindow as unknown as typeof globalThis).Function.prototype;
      return [fetch, XMLHttpRequest.prototype.open].map((one) => textOf.call(one));
    });
    expect(texts).toEqual(['function fetch() { [native code] }', 'function open() { [native code] }']);
    const answered = await page.evaluate(() => {
      let heard = 0;
      document.addEventListener('opening-bell:cancelled', () => (heard += 1));
      document.dispatchEvent(new CustomEvent('opening-bell:auth-required', { detail: { type: 'verify_trade' } }));
      return fetch('/api/quote').then(({ status }) => [status, heard]);
    });
    expect(answered).toEqual([401, 0]);
  });
});

it('a dashboard that is switched off leaves nothing behind', async () => {
  const { options } = all.browser;
  await options.bringToFront();
  for (const { url } of [server, hostile]) {
    await options.locator(`[data-dashboard="${url}"] [data-action=remove-dashboard]`).click();
    await options.locator(`[data-dashboard="${url}"]`).waitFor({ state: 'detached' });
  }
  const scripts = () => options.evaluate(() => chrome.scripting.getRegisteredContentScripts());
  await expect.poll(async () => (await scripts()).filter(({ id }) => id !== 'redirect')).toEqual([]);
  await page.goto(server.url);
  expect(await page.evaluate(() => fetch('/api/quote').then(({ status }) => status))).toBe(401);
  expect(await dialogsIn(page)).toEqual([]);
});
