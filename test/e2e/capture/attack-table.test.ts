import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Command, PageMessage } from '../../../utils/domain/hold/messages.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { writePairing } from '../../../utils/shared/pairing.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { isDelivered, KITE_LOGIN, type Paired, startPaired } from '../../support/backend/paired.ts';
import { startSite, startTarget, type Target } from '../../support/backend/target.ts';
import { askPage, entriesOnceDelivered, entriesOnceJudged } from '../../support/browsers/ask-page.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { type Deed, makeNeighbour, type Neighbour } from '../../support/browsers/neighbour.ts';
import { closePages } from '../../support/browsers/shown-tabs.ts';
import { until } from '../../support/until.ts';

/** A token of theirs in a redirect's query; a new one each time, since one that was seen before is ignored anyway. */
function foreign(): string {
  const token = `${FOREIGN}${randomBytes(14).toString('hex')}`;
  return `action=login&type=login&status=success&request_token=${token}&apisession=${token}`;
}
const FOREIGN = 'EVIL';

/** How another site can send a browser to an address. */
const WAYS: Record<string, (url: string) => string> = {
  'a link': (url) => `<a id="go" href="${url}">prices</a>`,
  'a link without referrer': (url) => `<a id="go" rel="noreferrer" href="${url}">prices</a>`,
  'a script': (url) => `<button id="go" onclick="location.href='${url}'">prices</button>`,
  'a meta refresh': (url) =>
    `<button id="go" onclick="document.head.innerHTML='<meta http-equiv=refresh content=&quot;0;url=${url}&quot;>'">x</button>`,
  'a new window': (url) => `<button id="go" onclick="window.open('${url}')">prices</button>`,
};

/** The ways that make sense for a redirect URL alone. */
const PLANTING: Record<string, (url: string) => string> = {
  ...WAYS,
  'a form': (url) => `<form method="post" action="${url}"><button id="go">prices</button></form>`,
  'a frame': (url) =>
    `<button id="go" onclick="document.body.append(Object.assign(document.createElement('iframe'),{src:'${url}'}))">x</button>`,
  'a redirect of its own server': () => '<a id="go" href="/go">prices</a>',
};

/** Where the site of an attacker stands: names that look like a broker's, on this machine. */
const HOSTS = {
  'another site': 'localhost',
  'a name that begins like the broker’s': 'kite.zerodha.com.localhost',
  'the broker’s name before an @': 'kite.zerodha.com@localhost',
};

describe('whatever another site, page, extension or text does, nothing is delivered', () => {
  let paired: Paired;
  let target: Target;
  let evil: TestDestination;
  let neighbour: Neighbour;

  beforeAll(async () => {
    neighbour = makeNeighbour();
    paired = await startPaired({ others: [neighbour.folder] });
    target = await startTarget(true);
    evil = await openDestination();
    for (const broker of ['zerodha', 'icici'] as const) await paired.use(broker, target.url, 'forward');
    await paired.browser.allow('http://localhost/*');
  });
  afterAll(async () => {
    await paired.close();
    await target.close();
    await evil.close();
    neighbour.remove();
  });
  afterEach(async () => {
    const { browser } = paired;
    await closePages(browser);
  });

  describe('a token of theirs, planted at the redirect URL (CAP-01)', () => {
    const rows = [
      ...Object.keys(PLANTING).flatMap((way) =>
        [false, true].map((armed) => ({ way, armed, host: 'another site' as const })),
      ),
      ...(['a name that begins like the broker’s', 'the broker’s name before an @'] as const).map((host) => ({
        way: 'a redirect of its own server',
        armed: true,
        host,
      })),
    ].map((row) => ({ ...row, tab: row.armed ? 'in an armed tab' : 'in a tab of its own' }));

    it.each(rows)('by $way of $host, $tab', async ({ way, armed, host }) => {
      const { browser, ids } = paired;
      const url = `${target.url}?${foreign()}`;
      const site = await startSite(() => `<!doctype html>${PLANTING[way]?.(url)}`, url);
      const tab = armed
        ? await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }))
        : await browser.newTab();
      if (armed) await tab.waitForSelector('#login');
      await tab.goto(site.url.replace('localhost', HOSTS[host]));
      await expectNothing(async () => {
        target.hits.length = 0;
        await tab.click('#go');
        // The target is hit, so the browser really went there.
        await until(
          () => target.hits.length,
          (hits) => hits > 0,
        );
      });
      await site.close();
    });

    it('by its address alone, typed', async () => {
      const tab = await paired.browser.newTab();
      await expectNothing(() => tab.goto(`${target.url}?${foreign()}`));
    });
  });

  describe('a login that was captured, once more (CAP-06)', () => {
    const rows: { name: string; again(tab: Tab): Promise<unknown> }[] = [
      { name: 'reloaded', again: (tab) => tab.reload().catch(() => undefined) },
      {
        name: 'gone back to',
        async again(tab) {
          const site = await startSite(() => '<!doctype html><title>elsewhere</title>');
          await tab.goto(site.url);
          await tab.goBack().catch(() => undefined);
          await setTimeout(300);
          await site.close();
        },
      },
      {
        name: 'in a restored copy of its tab',
        again: () =>
          paired.browser.loginTab(() =>
            paired.browser.options.evaluate(async () => {
              const [found] = await chrome.tabs.query({ url: 'http://127.0.0.1/*' });
              if (found?.id !== undefined) await chrome.tabs.duplicate(found.id);
            }),
          ),
      },
    ];

    it.each(rows.flatMap((row) => (['zerodha', 'icici'] as const).map((broker) => ({ ...row, broker }))))(
      '$name, $broker',
      async ({ again, broker }) => {
        const { browser, brokers } = paired;
        brokers.breeze.shape = { delivery: 'get', spelling: 'apisession' };
        brokers.breeze.rotate();
        target.hits.length = 0;
        const startedAt = Date.now();
        const tab = await paired.logIn(broker);
        await until(
          () => browser.account(broker),
          (one) => isDelivered(one, startedAt),
        );
        await until(
          () => tab.url(),
          (url) => url.startsWith(target.url) && !/token|session/i.test(url),
        );
        // A page whose address was cleaned has nothing to give again: this one gets its token back.
        const address = target.hits[0]?.url ?? '';
        expect(address).toMatch(/token|session/);
        await tab.evaluate((url) => history.replaceState(null, '', url), address);
        await until(
          () => tab.url(),
          (url) => url.endsWith(address),
        );
        await expectNothing(async () => {
          target.hits.length = 0;
          await again(tab);
          await until(
            () => target.hits,
            (hits) => hits.some(({ url }) => url === address),
          );
        });
      },
    );
  });

  describe('the broker’s silent login, begun by another site, asks', () => {
    beforeAll(async () => {
      const startedAt = Date.now();
      const tab = await paired.logIn('zerodha');
      await until(
        () => paired.browser.account('zerodha'),
        (one) => isDelivered(one, startedAt),
      );
      await tab.close();
      paired.brokers.kite.shape.silent = true;
    });
    afterAll(async () => {
      paired.brokers.kite.shape.silent = false;
      await paired.use('zerodha', target.url, 'forward');
    });

    it.each(Object.keys(WAYS).flatMap((way) => (['seal', 'forward'] as const).map((mode) => ({ way, mode }))))(
      'by $way, $mode',
      async ({ way, mode }) => {
        const { browser, destination } = paired;
        await paired.use('zerodha', target.url, mode);
        const site = await startSite(() => `<!doctype html><head></head>${WAYS[way]?.(KITE_LOGIN)}`);
        const tab = await browser.newTab();
        await tab.goto(site.url);
        const before = destination.tokens().length;
        await tab.click('#go');
        const asked = await until(
          () => browser.account('zerodha'),
          (one) => one?.ask !== null,
        );
        expect(asked?.ask?.says).toMatch(/not started here/);
        await askPage(browser);
        expect(destination.tokens()).toHaveLength(before);
        await browser.send({ type: 'discard', ask: asked?.ask?.id ?? '' });
        expect((await browser.account('zerodha'))?.ask).toBeNull();
        await site.close();
      },
    );
  });

  describe('another extension, with rights for the redirect URL and none for a broker', () => {
    type Leads = Extract<Deed, { does: 'tabs.create' | 'tabs.update' | 'windows.create' | 'its own page' }>['does'];
    const led: { does: Leads; armed: BrokerId | null; mode: 'seal' | 'forward' }[] = [
      { does: 'tabs.create', armed: null, mode: 'forward' },
      { does: 'windows.create', armed: null, mode: 'forward' },
      { does: 'its own page', armed: null, mode: 'seal' },
      { does: 'tabs.update', armed: 'zerodha', mode: 'seal' },
      { does: 'tabs.update', armed: 'icici', mode: 'forward' },
    ];
    it.each(led)('leads a tab there by $does, $mode, login under way: $armed', async ({ does, armed, mode }) => {
      const { browser, ids } = paired;
      for (const broker of ['zerodha', 'icici'] as const) await paired.use(broker, target.url, mode);
      const here = await neighboursPage();
      if (armed) {
        const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[armed] }));
        await tab.waitForSelector('#login');
      }
      await expectNothing(async () => {
        target.hits.length = 0;
        await neighbour.act(here, { does, url: `${target.url}?${foreign()}` });
        await until(
          () => target.hits.length,
          (hits) => hits > 0,
        );
      });
    });

    const rows = [
      ['kite, header', 'forward'],
      ['kite, script', 'seal'],
      ['kite, script, state kept', 'seal'],
      ['kite, script, state kept', 'forward'],
      ['breeze, post', 'seal'],
      ['breeze, get', 'seal'],
      ['breeze, get', 'forward'],
    ] as const;
    it.each(rows)('puts its token into the broker’s redirect on its way: %s, %s', async (way, mode) => {
      const { browser, brokers, destination } = paired;
      const broker = way.startsWith('kite') ? 'zerodha' : 'icici';
      if (broker === 'zerodha') brokers.kite.shape.departs = way.includes('script') ? 'script' : 'header';
      else brokers.breeze.shape = { delivery: way.endsWith('get') ? 'get' : 'post', spelling: 'apisession' };
      brokers.breeze.rotate();
      await paired.use(broker, target.url, mode);
      const here = await neighboursPage();
      const parameters = [...new URLSearchParams(foreign())].map(([key, value]) => ({ key, value }));
      const change = way.endsWith('kept') ? { parameters } : { url: `${target.url}?${foreign()}` };
      await neighbour.act(here, { does: 'a rule', filter: target.url, ...change });
      const tab = await paired.logIn(broker);
      await until(
        () => tab.url(),
        (url) => url.startsWith(target.url) || url === browser.url('captured.html'),
      );
      await neighbour.act(here, { does: 'no rule' });
      brokers.kite.shape.departs = 'header';
      // The person's own token, which the broker sent before the rule took its place, may still be on its way.
      await entriesOnceDelivered(browser);
      await expectSealedLogin(broker);
      expect(destination.tokens().filter(({ body }) => body.includes(FOREIGN))).toEqual([]);
    });

    afterEach(async () => {
      const { browser } = paired;
      await entriesOnceJudged(browser);
      for (const broker of ['zerodha', 'icici']) {
        const ask = (await browser.account(broker))?.ask;
        if (ask) await browser.send({ type: 'discard', ask: ask.id });
      }
    });

    async function neighboursPage(): Promise<Tab> {
      const tab = await paired.browser.newTab();
      await tab.goto((await neighbour.site()).url);
      return tab;
    }
  });

  describe('messages that are not ours to obey (MSG-02, MSG-03)', () => {
    it.each(['the world of our script on the redirect page', 'another extension'] as const)(
      'from %s',
      async (place) => {
        const { browser, ids } = paired;
        const isOurs = place !== 'another extension';
        const tab = await browser.newTab();
        const us = await browser.options.evaluate(() => chrome.runtime.id);
        await tab.goto(isOurs ? target.url : `${(await neighbour.site()).url}#${us}`);
        const messages = forged(ids, evil, target);
        await expectNothing(async () => {
          if (isOurs) await sayFromContentScript(messages);
          else await neighbour.say(tab, messages);
        });
        expect(evil.received).toEqual([]);
        expect((await browser.overview())?.accounts.map(({ destination }) => destination?.url)).toEqual([
          paired.destination.url,
          paired.destination.url,
        ]);
      },
    );

    async function sayFromContentScript(messages: object[]): Promise<void> {
      const answers = await paired.browser.options.evaluate(async (all) => {
        const [found] = await chrome.tabs.query({ url: 'http://127.0.0.1/*' });
        const [{ result } = { result: undefined }] = await chrome.scripting.executeScript({
          target: { tabId: found?.id ?? -1 },
          args: [all],
          func: (list: object[]) =>
            Promise.all(list.map((one) => chrome.runtime.sendMessage(one).catch(() => undefined))),
        });
        return result as unknown[];
      }, messages);
      expect(answers).toHaveLength(messages.length);
      // The page's own word is answered, with nothing but a no; a command is not answered at all.
      expect(answers.filter((one) => one !== undefined && one !== null)).toEqual([{ captured: false }]);
    }
  });

  describe('pairing strings', () => {
    it.each([
      ['to a site over http', { url: 'http://trade.example.in/session' }],
      ['with a name in the address', { url: 'https://127.0.0.1@evil.example/session' }],
      ['to a script', { url: 'javascript:alert(1)' }],
      ['with a field of its own', { expected: 'x' }],
      ['that brings its own account name with a line in it', { account: 'zerodha","type":"session.captured' }],
      ['with a redirect URL that is none', { redirect_url: 'data:text/html,x' }],
    ])('%s are refused, and nothing is stored', async (_, change) => {
      const { browser } = paired;
      const text = writePairing({ ...pairingTo(evil), ...change } as never);
      const before = await browser.overview();
      expect(await browser.send({ type: 'pair', text })).toMatchObject({ ok: false });
      expect((await browser.overview())?.accounts.map(({ name }) => name)).toEqual(
        before?.accounts.map(({ name }) => name),
      );
    });

    it('in a link to our settings do nothing', async () => {
      const { browser } = paired;
      const text = writePairing(pairingTo(evil));
      const site = await startSite(
        () => `<!doctype html><a id="go" href="${browser.url(`options.html?pairing=${text}#${text}`)}">settings</a>`,
      );
      const tab = await browser.newTab();
      await tab.goto(site.url);
      await expectNothing(() => tab.click('#go'));
      expect((await browser.overview())?.accounts).toHaveLength(2);
      expect(evil.received).toEqual([]);
      await site.close();
    });
  });

  /** Does `act`, and holds that it led to no delivery, no question, and no token in any store. */
  async function expectNothing(act: () => Promise<unknown>): Promise<void> {
    const { browser, destination } = paired;
    const before = destination.tokens().length;
    await act();
    // Whatever was going to be captured has been by then.
    await setTimeout(1_000);
    expect(destination.tokens()).toHaveLength(before);
    const entries = JSON.stringify(await entriesOnceJudged(browser));
    expect(entries).not.toContain('delivery:');
    expect(entries).not.toContain(FOREIGN);
    for (const broker of ['zerodha', 'icici']) expect((await browser.account(broker))?.ask).toBeNull();
    await expectSealedLogin();
  }

  /** The control: a real login right after an attack is captured, delivered once, and kept off the network. */
  async function expectSealedLogin(broker: BrokerId = 'zerodha'): Promise<void> {
    const { browser, brokers, destination } = paired;
    const before = destination.tokens().length;
    await paired.use(broker, target.url, 'seal');
    brokers.breeze.rotate();
    target.hits.length = 0;
    const tab = await paired.logIn(broker);
    await until(
      () => tab.url(),
      (url) => url === browser.url('captured.html'),
    );
    await until(
      () => destination.tokens().length,
      (count) => count > before,
    );
    await entriesOnceJudged(browser);
    // A machine that hangs for as long as a call may take has it made again, under the same id.
    const [sent, ...more] = new Map(
      destination
        .tokens()
        .slice(before)
        .map(({ id, body }) => [id, body]),
    ).values();
    expect([JSON.parse(sent ?? '{}').token?.value, more]).toEqual([brokers.book(broker).issued().at(-1), []]);
    expect(target.hits).toEqual([]);
    await tab.close();
    await paired.use(broker, target.url, 'forward');
  }
});

function pairingTo({ url, secret }: TestDestination) {
  const rest = { api_key: 'theirs', redirect_url: 'http://127.0.0.1/', mode: 'seal', expected_user: null } as const;
  return { url, secret, account: 'theirs', broker: 'zerodha', ...rest } as const;
}

/** Every command that would move a token or a destination, and the one message that a page may send, with a token of theirs. */
function forged(ids: Record<BrokerId, string>, evil: TestDestination, target: Target): (Command | PageMessage)[] {
  return [
    { type: 'pair', text: writePairing(pairingTo(evil)) },
    { type: 'save-destination', account: ids.zerodha, form: { kind: 'signed', url: evil.url, secret: evil.secret } },
    { type: 'paste', account: ids.zerodha, text: FOREIGN.repeat(8) },
    { type: 'forget', account: ids.zerodha },
    { type: 'pause', account: ids.zerodha, paused: true },
    { type: 'retry', account: ids.zerodha },
    { type: 'test', account: ids.zerodha },
    { type: 'accept', ask: ids.zerodha },
    { type: 'redirect-page', url: `${target.url}?${foreign()}`, referrer: '' },
  ];
}
