import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { writePairing } from '../../../utils/shared/pairing.ts';
import { KITE_LOGIN, type Paired, startPaired } from '../../support/backend/paired.ts';
import { pairLine } from '../../support/backend/pairing.ts';
import { APPS, freePort } from '../../support/backend/practice.ts';
import { startSite } from '../../support/backend/target.ts';
import { askPage, entriesOnceJudged } from '../../support/browsers/ask-page.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { closePages } from '../../support/browsers/shown-tabs.ts';
import { until } from '../../support/until.ts';

interface Arrived {
  method: string;
  url: string;
  body: string;
  headers: IncomingHttpHeaders;
}

/** Where another program of the person listens, beside the address that is sealed here. `PORT` is its port. */
const PLACES: { name: string; sealed: string; theirs: string }[] = [
  { name: 'another port, where no port is sealed', sealed: 'http://127.0.0.1', theirs: '/callback' },
  { name: 'another port at the same path', sealed: 'http://127.0.0.1/', theirs: '/' },
  { name: 'a longer path at the same port', sealed: 'http://127.0.0.1:PORT/app', theirs: '/app/callback' },
  { name: 'a path that begins alike', sealed: 'http://127.0.0.1:PORT/app', theirs: '/application' },
  { name: 'a path below the root that is sealed', sealed: 'http://127.0.0.1:PORT/', theirs: '/callback' },
  { name: 'the root above a path that is sealed', sealed: 'http://127.0.0.1:PORT/callback', theirs: '/' },
  { name: 'an address with a query of its own', sealed: 'http://127.0.0.1:PORT/', theirs: '/callback?app=theirs' },
  { name: 'the same path in other letters', sealed: 'http://127.0.0.1:PORT/app', theirs: '/App' },
  { name: 'a path with letters of a pattern', sealed: 'http://127.0.0.1:PORT/a.b', theirs: '/axb' },
];

/** The app of a second account of the same person at Zerodha. */
const TWIN = { apiKey: 'twin', apiSecret: 'twin', userId: 'AB1234' };

const WAYS = ['kite, header', 'kite, script', 'breeze, post', 'breeze, post+query', 'breeze, get'] as const;

describe('another program of the broker on the same host gets its login as if we were not there', () => {
  let paired: Paired;
  let port: number;
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      if (url !== '/favicon.ico') arrived.push({ method, url, body, headers });
      response.setHeader('content-type', 'text/html').end('<title>theirs</title>');
    });
  });

  beforeAll(async () => {
    paired = await startPaired();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await paired.close();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    arrived.length = 0;
  });

  const rows = WAYS.flatMap((way) => PLACES.map((place) => ({ way, ...place })));
  it.each(rows)('$way: $name', async ({ way, name, sealed, theirs }) => {
    const [broker, shape] = way.startsWith('kite')
      ? (['zerodha', way.slice(6)] as const)
      : (['icici', way.slice(8)] as const);
    const redirectUrl = `http://127.0.0.1:${port}${theirs}`;
    await paired.use(broker, sealed.replace('PORT', String(port)), 'seal');
    const besideUs = await loginOfTheirs(broker, shape, redirectUrl);
    // Without us: no rule, no listener that seals.
    await pause(broker, true);
    const without = await loginOfTheirs(broker, shape, redirectUrl);
    await pause(broker, false);
    // Chromium's rules do not know capital letters in a header: that redirect is led on, and says so in its headers.
    const isLedOn = name === 'the same path in other letters' && way === 'kite, header';
    const compared = (one: Arrived) => ({ ...comparable(one), ...(isLedOn ? { headers: {} } : {}) });
    expect(besideUs.map(compared)).toEqual(without.map(compared));
    expect(besideUs).toHaveLength(1);
    expect((await paired.browser.account(broker))?.ask).toBeNull();
  });

  it('and so do two accounts of one’s own there, each in its own mode', async () => {
    const { browser, brokers, destination } = paired;
    await paired.use('zerodha', `http://127.0.0.1:${port}/sealed`, 'seal');
    await paired.use('icici', `http://127.0.0.1:${port}/loads`, 'forward');
    for (const broker of ['zerodha', 'icici'] as const) {
      brokers.breeze.rotate();
      const before = destination.tokens().length;
      const tab = await paired.logIn(broker);
      await until(
        () => destination.tokens().length,
        (count) => count > before,
      );
      // The delivery is faster than the page on a busy machine, and a tab that closes takes its request along.
      if (broker === 'zerodha') await untilUrl(tab, browser.url('captured.html'));
      else await untilUrl(tab, `http://127.0.0.1:${port}/loads`);
      await tab.close();
    }
    expect(arrived.map(({ url }) => url.replace(/\?.*/, ''))).toEqual(['/loads']);
    expect((await browser.account('icici'))?.notice).toBeNull();
  });

  describe('of two accounts at one redirect URL, a login that was begun elsewhere', () => {
    let twin: string;
    beforeAll(async () => {
      const { url, secret } = paired.destination;
      const rest = {
        api_key: TWIN.apiKey,
        redirect_url: 'http://127.0.0.1/',
        mode: 'seal',
        expected_user: null,
      } as const;
      twin = await pairLine(paired.browser, writePairing({ url, secret, account: 'twin', broker: 'zerodha', ...rest }));
    });
    afterAll(() => paired.browser.send({ type: 'forget', account: twin }));
    afterEach(() => closePages(paired.browser));

    it.each([
      ['seal', 'seal'],
      ['forward', 'seal'],
      ['forward', 'forward'],
    ] as const)('is asked about for each, and goes to the one of the yes: %s, %s', async (mode, twinMode) => {
      const { browser, brokers, destination } = paired;
      const redirectUrl = `http://127.0.0.1:${port}/twins`;
      await paired.use('zerodha', redirectUrl, mode);
      const form = { broker: 'zerodha', name: 'twin', apiKey: TWIN.apiKey, redirectUrl, mode: twinMode } as const;
      await browser.send({ type: 'save-account', id: twin, form: { ...form, expectedUser: null } });
      brokers.kite.register({ ...TWIN, redirectUrl });
      const before = destination.tokens().length;
      await loginFromElsewhere();

      const page = await askPage(browser);
      for (const name of ['zerodha', 'twin'])
        await until(
          () => page.innerText('main'),
          (text) => text.includes(`“${name}” that was not started here`),
        );
      expect(destination.tokens()).toHaveLength(before);
      const isSealed = [mode, twinMode].includes('seal');
      if (!isSealed)
        await until(
          () => arrived.length,
          (hits) => hits > 0,
        );
      expect(arrived).toHaveLength(isSealed ? 0 : 1);

      await page.click('[data-account=twin] [data-action=accept]');
      await untilDelivered(before + 1);
      expect(JSON.parse(destination.tokens().at(-1)?.body ?? '')).toMatchObject({ account: 'twin' });
      await expectCaptured(page);
      for (const name of ['zerodha', 'twin']) expect((await browser.account(name))?.ask).toBeNull();

      // The control: a login that begins here belongs to its account.
      await paired.logIn('zerodha');
      await untilDelivered(before + 2);
      expect(JSON.parse(destination.tokens().at(-1)?.body ?? '')).toMatchObject({ account: 'zerodha' });
      expect((await browser.account('twin'))?.ask).toBeNull();
      if (isSealed) expect(arrived).toEqual([]);
    });

    /** A link of another site to the twin's login page, and the button there. */
    async function loginFromElsewhere(): Promise<void> {
      const login = KITE_LOGIN.replace(APPS.zerodha.apiKey, TWIN.apiKey);
      const site = await startSite(() => `<!doctype html><a id="go" href="${login}">prices</a>`);
      const tab = await paired.browser.newTab();
      await tab.goto(site.url);
      await tab.click('#go');
      await tab.click('#login');
      await site.close();
    }

    /** Our page shows the account that the yes named. */
    async function expectCaptured(page: Tab): Promise<void> {
      await until(
        () => page.innerText('h1'),
        (title) => title === 'Login captured',
      );
      expect(await page.innerText('main')).toContain('twin');
    }

    async function untilDelivered(count: number): Promise<void> {
      await until(
        () => paired.destination.tokens().length,
        (tokens) => tokens >= count,
      );
      await entriesOnceJudged(paired.browser);
      expect(paired.destination.tokens()).toHaveLength(count);
    }
  });

  describe('what the broker sends to a sealed address without a login ends on our page', () => {
    const forms: Record<string, string> = {
      'a failure form':
        '<form method="post" action="URL"><input name="error" value="locked"><button id="go">x</button></form>',
      'a link back': '<a id="go" href="URL">Back to the app</a>',
      'a link that says why': '<a id="go" href="URL?status=failed">Back</a>',
      'two tokens': '<a id="go" href="URL?apisession=11111111&API_Session=22222222">Back</a>',
    };
    it.each(Object.keys(forms))('%s', async (what) => {
      const { browser, ids } = paired;
      const url = `http://127.0.0.1:${await freePort()}/dummy`;
      await paired.use('icici', url, 'seal');
      const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.icici }));
      await tab.waitForSelector('#login');
      await tab.evaluate(
        (html) => {
          document.body.innerHTML = html;
        },
        (forms[what] ?? '').replace('URL', url),
      );
      await tab.click('#go');
      await expectTitle(tab, 'The broker came back without a login');
      expect(arrived).toEqual([]);
      await tab.close();
    });
  });

  async function untilUrl(tab: Tab, address: string): Promise<void> {
    await until(
      () => tab.url(),
      (url) => url.split('?')[0] === address,
    );
  }

  async function expectTitle(tab: Tab, title: string): Promise<void> {
    await until(
      async () => ((await tab.url()) === paired.browser.url('captured.html') ? tab.innerText('h1') : ''),
      (shown) => shown === title,
    );
  }

  async function pause(broker: BrokerId, paused: boolean): Promise<void> {
    await paired.browser.send({ type: 'pause', account: paired.ids[broker], paused });
  }

  /** A login of another app of the same person, begun by hand; gives everything that reached its program. */
  async function loginOfTheirs(broker: BrokerId, shape: string, redirectUrl: string): Promise<Arrived[]> {
    const { browser, brokers } = paired;
    const app = { apiKey: 'theirs', apiSecret: 'theirs', userId: 'AB1234', redirectUrl };
    arrived.length = 0;
    if (broker === 'zerodha') {
      brokers.kite.register(app);
      brokers.kite.shape = { ...brokers.kite.shape, departs: shape as 'header' | 'script' };
    } else {
      brokers.breeze.register(app);
      brokers.breeze.shape = { delivery: shape as 'post', spelling: 'API_Session' };
    }
    const tab = await browser.newTab();
    await tab.goto(
      broker === 'zerodha'
        ? 'https://kite.zerodha.com/connect/login?v=3&api_key=theirs'
        : 'https://api.icicidirect.com/apiuser/login?api_key=theirs',
    );
    await tab.click('#login');
    await until(
      () => arrived.length,
      (count) => count > 0,
    );
    brokers.kite.shape = { ...brokers.kite.shape, departs: 'header' };
    await tab.close();
    return [...arrived];
  }
});

/** Each login has a token of its own; everything else has to be the same, byte for byte. */
function comparable({ method, url, body, headers }: Arrived) {
  const anyToken = (text: string) => text.replace(/((?:request_token|api_?session)=)\w+/gi, '$1TOKEN');
  return { method, url: anyToken(url), body: anyToken(body), headers };
}
