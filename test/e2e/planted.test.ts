import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SetUp, setUp } from '../start/set-up.ts';
import { APPS } from '../support/practice.ts';
import { startSite, startTarget, type Target } from '../support/target.ts';

const FOREIGN = `${'EVIL'.repeat(8)}`;

/** How another site can send a browser to a redirect URL with a token of its own. */
const WAYS: Record<string, (url: string) => string> = {
  'a link': (url) => `<a id="go" href="${url}">prices</a>`,
  'a link without referrer': (url) => `<a id="go" rel="noreferrer" href="${url}">prices</a>`,
  'a script': (url) => `<button id="go" onclick="location.href='${url}'">prices</button>`,
  'a new window': (url) => `<button id="go" onclick="window.open('${url}')">prices</button>`,
  'a form': (url) => `<form method="post" action="${url}"><button id="go">prices</button></form>`,
  'a frame': (url) =>
    `<button id="go" onclick="document.body.append(Object.assign(document.createElement('iframe'),{src:'${url}'}))">x</button>`,
  'a redirect of its own server': () => '<a id="go" href="/go">prices</a>',
};

describe('a foreign token that another site plants is never delivered (CAP-01)', () => {
  let all: SetUp;
  let target: Target;
  beforeAll(async () => {
    all = await setUp();
    target = await startTarget(true);
    for (const broker of ['zerodha', 'icici'] as const) {
      const { apiKey } = APPS[broker];
      const form = {
        broker,
        name: broker,
        apiKey,
        redirectUrl: target.url,
        mode: 'forward',
        expectedUser: null,
      } as const;
      await all.browser.send({ type: 'save-account', id: all.ids[broker], form });
    }
    await all.browser.allow('http://127.0.0.1/*', 'http://localhost/*');
  });
  afterAll(async () => {
    await all.close();
    await target.close();
  });

  const rows = Object.keys(WAYS).flatMap((way) =>
    [false, true].map((armed) => ({ way, armed, tab: armed ? 'in an armed tab' : 'in a tab of its own' })),
  );

  it.each(rows)('$way, $tab', async ({ way, armed }) => {
    const { browser, practice, ids } = all;
    const before = [practice.brokers.kite.exchanges.length, practice.brokers.breeze.exchanges.length];
    const url = `${target.url}?action=login&type=login&status=success&request_token=${FOREIGN}&apisession=${FOREIGN}`;
    const site = await startSite(() => `<!doctype html>${WAYS[way]?.(url)}`, url);
    const tab = armed
      ? await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }))
      : await browser.newTab();
    if (armed) await tab.waitForSelector('#login');
    await tab.goto(site.url);
    const seen = target.hits.length;
    await tab.click('#go');
    // The target is hit, so the browser really went there; whatever was going to be captured has been by then.
    await expect.poll(() => target.hits.length).toBeGreaterThan(seen);
    await setTimeout(400);

    const entries = await browser.options.evaluate(async () => JSON.stringify(await chrome.storage.session.get(null)));
    expect(entries).not.toContain('delivery:');
    expect(entries).not.toContain(FOREIGN);
    expect([practice.brokers.kite.exchanges.length, practice.brokers.breeze.exchanges.length]).toEqual(before);
    expect((await browser.account('zerodha'))?.ask).toBeNull();
    for (const one of await browser.tabs()) if (/127.0.0.1|localhost|kite/.test(await one.url())) await one.close();
    await site.close();
  });
});
