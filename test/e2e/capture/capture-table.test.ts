import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { BreezeShape, Fault, KiteShape } from '../../brokers/index.ts';
import { isDelivered, KITE_LOGIN, type Paired, startPaired } from '../../support/backend/paired.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startTarget, type Target } from '../../support/backend/target.ts';
import { entriesOnceJudged } from '../../support/browsers/ask-page.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { type UnheardHeaders, unheardHeaders } from '../../support/browsers/unheard-headers.ts';
import { until } from '../../support/until.ts';

const KITE: KiteShape = { order: 'token-last', withType: true, withAction: true, consent: false, silent: false };
const BREEZE_DELIVERIES = ['post+query', 'post', 'get'] as const;
const BREEZE_SPELLINGS = ['API_Session', 'apisession', 'api_session'] as const;

/** One way in which a broker's login comes back; `path` is that of the registered redirect URL. */
type Shape = { name: string; path: string } & (
  | { broker: 'zerodha'; shape: KiteShape; way: 'button' | 'typed' }
  | { broker: 'icici'; shape: BreezeShape }
);

const kite = (
  name: string,
  change: Partial<KiteShape> = {},
  path = '/callback',
  way: 'button' | 'typed' = 'button',
): Shape => ({ broker: 'zerodha', name: `Kite, ${name}`, shape: { ...KITE, ...change }, path, way });

const SHAPES: Shape[] = [
  kite('token last'),
  kite('token first', { order: 'token-first' }),
  kite('without type', { withType: false }),
  kite('without action', { withAction: false }),
  kite('with neither', { withType: false, withAction: false }),
  kite('redirect URL with a query of its own', {}, '/callback?app=mine&x='),
  kite('redirect URL without a path', {}, ''),
  kite('redirect URL with the path /', {}, '/'),
  kite('consent page', { consent: true }),
  kite('silent, its address typed', { silent: true }, '/callback', 'typed'),
  ...BREEZE_DELIVERIES.flatMap((delivery) =>
    BREEZE_SPELLINGS.map(
      (spelling): Shape => ({
        broker: 'icici',
        name: `Breeze, ${delivery}, ${spelling}`,
        shape: { delivery, spelling },
        path: '/breeze',
      }),
    ),
  ),
];

type Row = Shape & { mode: 'seal' | 'forward'; target: 'live' | 'dead'; worker: 'awake' | 'dead' };

const rows = (mode: Row['mode']) =>
  SHAPES.flatMap((shape) =>
    (['live', 'dead'] as const).flatMap((target) =>
      (['awake', 'dead'] as const).map((worker): Row & { title: string } => ({
        ...shape,
        mode,
        target,
        worker,
        title: `${shape.name}: ${mode}, target ${target}, worker ${worker}`,
      })),
    ),
  );

/** What comes back without being a login, and the broker's answer by which it is over. */
const NO_LOGINS: {
  name: string;
  broker: BrokerId;
  fault?: Fault;
  path?: string;
  over: [url: string, status: number];
}[] = [
  {
    name: 'Kite answers a finished login with an error',
    broker: 'zerodha',
    fault: 'kite.login.error',
    over: ['/connect/finish', 400],
  },
  {
    name: 'Kite redirects with a status that is not success',
    broker: 'zerodha',
    fault: 'kite.login.failed',
    over: ['/connect/finish', 302],
  },
  {
    name: 'a Kite basket comes back with a token',
    broker: 'zerodha',
    path: '/basket-return',
    over: ['/basket-return', 302],
  },
  {
    name: 'a Kite basket comes back without one',
    broker: 'zerodha',
    path: '/basket-return?bare',
    over: ['/basket-return', 302],
  },
  {
    name: 'Breeze does not know the key',
    broker: 'icici',
    fault: 'breeze.login.unknown-key',
    over: ['/apiuser/login', 200],
  },
];

describe('a redirect of any shape is captured once and delivered once (CAP-07)', () => {
  let paired: Paired;
  let targets: Record<Row['target'], Target>;
  let unheard: UnheardHeaders;

  beforeAll(async () => {
    paired = await startPaired();
    unheard = unheardHeaders(paired.browser);
    targets = { live: await startTarget(true, ''), dead: await startTarget(false, '') };
    // The first login needs a person; its cookie makes a silent one possible.
    await paired.use('zerodha', targets.dead.url, 'seal');
    const tab = await paired.logIn('zerodha');
    await until(
      () => paired.destination.tokens().length,
      (length) => length === 1,
    );
    await tab.close();
  });
  afterAll(async () => {
    await paired.close();
    await targets.live.close();
  });

  it.each(rows('seal'))('$title', async (row) => {
    const tab = await captureOnce(row);
    const { browser } = paired;
    await until(
      () => tab.url(),
      (url) => url === browser.url('captured.html'),
    );
    expect(targets[row.target].hits).toEqual([]);
    expect(await browser.visits(targets[row.target].url)).toEqual([]);
    await tab.close();
  });

  it('no sealed redirect stands in the history', async () => {
    const { browser } = paired;
    const marker = `${targets.live.url}/marker`;
    const tab = await browser.newTab();
    await tab.goto(marker);
    await tab.close();
    // A browser writes its history late and in order: what came before this page stands there as soon as it does.
    await until(
      () => browser.visits(marker),
      (found) => found.length > 0,
    );
    const found = [...(await browser.visits(targets.live.url)), ...(await browser.visits(targets.dead.url))];
    expect(found.filter((url) => !url.startsWith(marker))).toEqual([]);
  });

  it.each(rows('forward'))('$title', async (row) => {
    const tab = await captureOnce(row);
    if (row.target === 'live') {
      await until(
        () => targets.live.hits.length,
        (hits) => hits === 1,
      );
      // Its page was told that the login is taken, and keeps no token in its address.
      await until(
        () => tab.url(),
        (url) => url.startsWith(targets.live.url) && !/token|session/i.test(url),
      );
    }
    await tab.close();
  });

  it('hardly one of them is asked about', () => {
    expect(unheard.asked()).toBeLessThanOrEqual(2);
  });

  it.each(['seal', 'forward'] as const)(
    'an https page whose certificate nobody vouches for, %s (NET-09)',
    async (mode) => {
      const { cert, private: key } = await generate([{ name: 'commonName', value: 'nobody' }], { keyType: 'ec' });
      const server = createServer({ cert, key }, (_, response) => response.end('<title>untrusted</title>'));
      const { promise: listening, resolve } = Promise.withResolvers<void>();
      server.listen(0, '127.0.0.1', resolve);
      await listening;
      const { port } = server.address() as AddressInfo;
      paired.brokers.kite.shape = KITE;
      await paired.use('zerodha', `https://127.0.0.1:${port}/callback`, mode);
      const before = paired.destination.tokens().length;
      const startedAt = Date.now();
      const tab = await paired.logIn('zerodha');
      await until(
        () => paired.browser.account('zerodha'),
        (one) => isDelivered(one, startedAt),
      );
      expect(paired.destination.tokens()).toHaveLength(before + 1);
      await tab.close();
      server.closeAllConnections();
      server.close();
    },
  );

  it.each(NO_LOGINS.flatMap((one) => (['seal', 'forward'] as const).map((mode) => ({ ...one, mode }))))(
    'nothing is captured when $name, $mode',
    async ({ broker, fault, path, mode, over }) => {
      const { browser, brokers, destination } = paired;
      brokers.kite.shape = KITE;
      brokers.breeze.rotate();
      brokers.kite.forget();
      brokers.breeze.forget();
      await paired.use(broker, `${targets.live.url}/callback`, mode);
      const before = destination.tokens().length;
      if (fault) brokers.faults.add(fault);
      const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: paired.ids[broker] }));
      if (path) {
        await tab.waitForSelector('#login');
        const url = new URL(path, 'https://kite.zerodha.com');
        url.searchParams.set('api_key', APPS.zerodha.apiKey);
        await tab.goto(url.href).catch(() => undefined);
      } else if (broker === 'zerodha') await tab.click('#login');
      await until(
        () => [...brokers.kite.requests, ...brokers.breeze.requests],
        (asked) => asked.some(({ url, status }) => url.startsWith(over[0]) && status === over[1]),
      );
      brokers.faults.clear();
      // Whatever was going to be captured has been by then.
      await setTimeout(1_000);
      expect(destination.tokens()).toHaveLength(before);
      const entries = Object.keys(await entriesOnceJudged(browser));
      expect(entries.filter((key) => /^(delivery|ask|seen):/.test(key))).toEqual([]);
      await tab.close();
    },
  );

  /** A login of this shape from its beginning to the delivery that is acknowledged; gives the tab it ended in. */
  async function captureOnce(row: Row): Promise<Tab> {
    const { browser, brokers, destination } = paired;
    const target = targets[row.target];
    target.hits.length = 0;
    if (row.broker === 'zerodha') brokers.kite.shape = row.shape;
    else brokers.breeze.shape = row.shape;
    brokers.breeze.rotate();
    await paired.use(row.broker, target.url + row.path, row.mode);
    const before = destination.tokens().length;
    const startedAt = Date.now();
    const tab = await toTheRedirect(row);
    const view = await until(
      async () => {
        if (row.worker === 'dead') await unheard.sayYes(row.broker);
        return browser.account(row.broker);
      },
      (one) => isDelivered(one, startedAt),
    );
    expect(view?.ask).toBeNull();
    const delivered = destination.tokens().slice(before);
    expect(delivered.map(({ body }) => (JSON.parse(body) as { token: { value: string } }).token.value)).toEqual([
      lastToken(row.broker),
    ]);
    return tab;
  }

  /** Goes the whole way to the redirect; a dead worker is killed as late as can be. */
  async function toTheRedirect(row: Row): Promise<Tab> {
    const { browser, ids } = paired;
    if (row.broker === 'zerodha' && row.way === 'typed') {
      const tab = await browser.newTab();
      if (row.worker === 'dead') await browser.killWorker();
      await tab.goto(KITE_LOGIN).catch(() => undefined);
      return tab;
    }
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[row.broker] }));
    const last = row.broker === 'zerodha' && row.shape.consent ? 'form[action*="finish"] #login' : '#login';
    if (last !== '#login') await tab.click('#login');
    await tab.waitForSelector(last);
    if (row.worker === 'dead') await browser.killWorker();
    await tab.click(last);
    return tab;
  }

  function lastToken(broker: BrokerId): string | undefined {
    const issued = broker === 'zerodha' ? paired.brokers.kite.tokens : paired.brokers.breeze.sessions;
    return [...issued.keys()].at(-1);
  }
});
