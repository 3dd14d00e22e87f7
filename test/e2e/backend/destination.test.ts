import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPracticeBrokers } from '../../brokers/index.ts';
import { type Behaviour, openDestination, type Sent, type TestDestination } from '../../support/backend/destination.ts';
import { pairWith } from '../../support/backend/pairing.ts';
import { APPS } from '../../support/backend/practice.ts';
import type { Browser } from '../../support/browsers/browser.ts';
import { startBrowser } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

/** An answer that takes nothing in, but would be a success if it were proven. */
const applied = (id: string): Sent => {
  const session = {
    state: 'none',
    delivery: null,
    user: null,
    exchanged_at: null,
    verified_at: null,
    expires_at: null,
  };
  const answer = { type: 'session.applied', id, status: 'applied', server_time: new Date().toISOString(), session };
  return { status: 200, body: JSON.stringify(answer) };
};
const forged = (id: string): Sent => ({
  ...applied(id),
  isSigned: false,
  headers: { 'webhook-id': id, 'webhook-timestamp': '1', 'webhook-signature': `v1,${'A'.repeat(43)}=` },
});

/** What a destination does with a token, what the popup then says, and the button it offers. */
type Row = [
  name: string,
  behaviour: (own: TestDestination, elsewhere: string) => Behaviour,
  status: string,
  says: RegExp,
  mend: string | null,
];

const TABLE: Row[] = [
  ['hangs up', () => () => 'drop', 'working', /does not answer/, 'retry'],
  [
    'answers after 15 s',
    () => (_, usual) => new Promise((late) => setTimeout(() => late(usual()), 60_000)),
    'working',
    /within 15 seconds/,
    'retry',
  ],
  [
    'answers with a web page',
    () => () => ({
      status: 200,
      body: '<!doctype html><p>Welcome',
      headers: { 'content-type': 'text/html' },
      isSigned: false,
    }),
    'working',
    /web page/,
    'test',
  ],
  [
    'answers 200 without the id',
    () => () => ({ status: 200, body: JSON.stringify({ ok: true }) }),
    'working',
    /delivery contract/,
    'test',
  ],
  ['names another delivery', () => () => applied('ob_other'), 'working', /name this delivery/, 'test'],
  [
    'signs with another secret',
    () =>
      ({ id }) =>
        forged(id),
    'working',
    /not signed/,
    'edit-destination',
  ],
  [
    'redirects with 307',
    (_, elsewhere) => () => ({ status: 307, body: '', headers: { location: elsewhere } }),
    'failed',
    /redirect/,
    'edit-destination',
  ],
  ['answers more than 64 KiB', () => () => ({ status: 200, body: ' '.repeat(70_000) }), 'working', /too large/, 'test'],
  ['refuses: another account', (own) => own.refuse('wrong_account'), 'failed', /another account/, 'log-in'],
  ['refuses: in progress', (own) => own.refuse('in_progress'), 'working', /still exchanging/, null],
  ['refuses: token spent', (own) => own.refuse('token_spent'), 'failed', /used or has expired/, 'log-in'],
  [
    'refuses: clock skew',
    (own) => own.refuse('stale_timestamp', { ahead: 7 * 60_000 }),
    'working',
    /7 min ahead/,
    'retry',
  ],
  ['refuses: signature', (own) => own.refuse('bad_signature'), 'failed', /pairing secret/, 'edit-destination'],
  ['refuses: configuration', (own) => own.refuse('configuration'), 'failed', /API key or secret/, 'retry'],
  [
    'refuses: 429 with Retry-After',
    (own) => own.refuse('rate_limited', { headers: { 'retry-after': '60' } }),
    'working',
    /to wait/,
    'retry',
  ],
  [
    'is not there',
    () => () => ({ status: 404, body: 'not found', isSigned: false }),
    'failed',
    /404/,
    'edit-destination',
  ],
];

describe('whatever a destination answers has a name, a button, and keeps the token at home (NET-02, NET-07)', () => {
  let brokers: Awaited<ReturnType<typeof startPracticeBrokers>>;
  let browser: Browser;
  let destination: TestDestination;
  let elsewhere: { url: string; hits: string[]; close(): void };

  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.kite.register(APPS.zerodha);
    browser = await startBrowser({ brokers });
    await browser.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*');
    elsewhere = await startElsewhere();
  });
  afterAll(async () => {
    await browser.close();
    await brokers.close();
    elsewhere.close();
  });
  beforeEach(async () => {
    destination = await openDestination();
  });
  afterEach(() => destination.close());

  it.each(TABLE)('it %s', async (_name, behaviour, status, says, mend) => {
    const account = await pairWith(browser, destination, 'main');
    const act = behaviour(destination, elsewhere.url);
    destination.answerTokens(act);
    await logIn(account);
    const popup = await browser.popup();
    const card = await until(
      () =>
        popup.read((document) => {
          const found = document.querySelector<HTMLElement>('[data-account="main"]');
          return {
            status: found?.dataset.status ?? '',
            text: found?.innerText ?? '',
            mend:
              found?.querySelector<HTMLElement>('[data-mend]')?.dataset.mend ??
              (found?.querySelector('[data-action="log-in"].primary') ? 'log-in' : null),
          };
        }, null),
      // While it is sent once more, the same is said without a button.
      (shown) => says.test(shown.text) && shown.status === status && shown.mend === mend,
    );
    expect(card).toMatchObject({ status, mend });
    expect(elsewhere.hits).toEqual([]);
    expect(destination.tokens().length).toBeGreaterThan(0);
    await browser.send({ type: 'forget', account });
  });

  it('a token that the destination may have, is sent there again under the same id until it is named', async () => {
    let answers = 0;
    destination.answerTokens((_, usual) => {
      const sent = usual();
      answers += 1;
      return answers < 3 ? 'drop' : sent;
    });
    const account = await pairWith(browser, destination, 'main');
    await logIn(account);
    await until(
      () => browser.account('main'),
      (one) => one?.status === 'live',
    );
    expect(new Set(destination.tokens().map(({ id }) => id)).size).toBe(1);
    expect(destination.tokens().length).toBeGreaterThanOrEqual(1);
    await browser.send({ type: 'forget', account });
  });

  it('sends nothing but the check before the destination proved itself', async () => {
    destination.answerChecks(({ id }) => forged(id));
    const account = await pairWith(browser, destination, 'main');
    await logIn(account);
    await until(
      () => browser.account('main'),
      (one) => /not signed/.test(one?.advice?.says ?? ''),
    );
    expect(destination.tokens()).toEqual([]);
    await browser.send({ type: 'forget', account });
  });

  async function logIn(account: string): Promise<void> {
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    await until(
      () => tab.url(),
      (url) => url.endsWith('captured.html'),
    );
    await tab.close();
  }
});

/** Another origin, where a followed redirect would be seen. */
async function startElsewhere() {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, hits, close: () => void server.close() };
}
