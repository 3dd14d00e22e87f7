import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waits } from '../../../../utils/services/pulse/world.ts';
import type { FeedState, SessionCheck } from '../../../../utils/shared/contract.ts';
import {
  type Behaviour,
  openDestination,
  type Sent,
  type TestDestination,
} from '../../../support/backend/destination.ts';
import {
  cleanUp,
  command,
  knownOf,
  logIn,
  logInWith,
  pair,
  redirect,
  shownAccount,
} from '../../../support/browsers/extension.ts';
import { KITE_TOKEN } from '../../../support/samples/samples.ts';
import { HANGS_MS } from '../../../support/until.ts';

const SECOND_TOKEN = 'AnotherTokenOfKiteWith32LettersX';
const NAMED = { understands: ['check.wait'], revision: 'first' };

let backend: TestDestination;
/** What its feed says, and the checks that wait for it to say something else. */
let feed: FeedState['state'];
let waiting: (() => void)[];

beforeEach(async () => {
  backend = await openDestination();
  feed = 'connecting';
  waiting = [];
});
afterEach(async () => {
  tick();
  await cleanUp();
  await backend.close();
});

function tick(): void {
  feed = 'live';
  for (const answer of waiting.splice(0)) answer();
}

const waitOf = (body: string) => (JSON.parse(body) as SessionCheck).wait;
const checks = () => backend.received.filter(({ body }) => body.includes('session.check')).map(({ body }) => body);
/** Those that were sent after the last token. */
const follow = () => checksAfter(backend.received.findLastIndex(({ body }) => body.includes('session.captured')));
const checksAfter = (index: number) => backend.received.slice(index + 1).map(({ body }) => waitOf(body));

/** A report as usual, but with the feed as it is and with what the receiver says of waiting. */
function saying(usual: Sent, named: object): Sent {
  const report = JSON.parse(usual.body);
  const at = feed === 'live' ? report.server_time : null;
  const now = { ...report.feed, state: feed, first_tick_at: at, last_tick_at: at };
  return {
    ...usual,
    body: JSON.stringify({ ...report, ...named, feed: report.session.verified_at ? now : undefined }),
  };
}

/** Holds a check that knows what there is to say, until there is something else. */
const holding: Behaviour = async ({ body }, usual) => {
  const knows = waitOf(body)?.after === 'first' && feed !== 'live';
  if (knows) await new Promise<void>((answer) => waiting.push(answer));
  return saying(usual(), feed === 'live' ? { ...NAMED, revision: 'ticked' } : NAMED);
};

const isWaiting = (many = 1) => expect.poll(() => waiting.length, { timeout: HANGS_MS }).toBe(many);

async function logInAndWait() {
  backend.answerChecks(holding);
  const account = await pair(backend);
  await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
  await logInWith(account, KITE_TOKEN);
  await isWaiting();
  return account;
}

describe('after a delivery', () => {
  it('one check is answered at once, and the next one by the first tick', async () => {
    const account = await logInAndWait();
    tick();
    await shownAccount(account, ({ status }) => status === 'live');
    expect(follow()).toEqual([undefined, { after: 'first', ms: 5_000 }]);
  });

  it('every check that waits is one call, and is asked again when its time is over', async () => {
    const account = await logInAndWait();
    for (const answer of waiting.splice(0)) answer();
    await isWaiting();
    tick();
    await shownAccount(account, ({ status }) => status === 'live');
    const held = { after: 'first', ms: 5_000 };
    expect(follow()).toEqual([undefined, held, held]);
  });

  it.each([
    ['names nothing', {}],
    ['has a revision alone', { revision: 'first' }],
    ['names it, and has no place left', { understands: ['check.wait'] }],
    ['names something else', { ...NAMED, understands: ['token.with'] }],
  ])('a receiver that %s is asked as before, with the bytes of the first release', async (_what, named) => {
    backend.answerChecks((_, usual) => saying(usual(), named));
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => follow().length, { timeout: HANGS_MS }).toBeGreaterThan(2);
    tick();
    await shownAccount(account, ({ status }) => status === 'live');
    expect(new Set(checks())).toEqual(new Set(['{"version":1,"type":"session.check","account":"main"}']));
  });
});

describe('a check that waits', () => {
  it('holds up no token: it is given up, and the token goes out at once', async () => {
    const account = await logInAndWait();
    const { tab, state } = await logIn(account);
    await isWaiting(2);
    const before = backend.received.length;
    await redirect(tab, `http://127.0.0.1:8000/?request_token=${SECOND_TOKEN}&ob_state=${state}`);
    await expect.poll(() => backend.tokens().length, { timeout: HANGS_MS }).toBe(2);
    expect(backend.received[before]?.body).toContain(SECOND_TOKEN);
  });

  it('holds up nobody who asks: that one is answered at once', async () => {
    const account = await logInAndWait();
    await logIn(account);
    await isWaiting(2);
    expect(follow().map((wait) => wait !== undefined)).toEqual([false, true, false, true]);
  });

  it.each(['pause', 'forget'] as const)('ends with %s', async (type) => {
    const account = await logInAndWait();
    expect(waits.size).toBe(1);
    await command(type === 'pause' ? { type, account, paused: true } : { type, account });
    expect(waits.size).toBe(0);
  });

  it.each<[how: string, cut: () => Behaviour]>([
    ['is cut off on its way', () => () => 'drop'],
    ['is answered by a proxy', () => () => ({ status: 504, body: '<html>', isSigned: false })],
    ['finds an older version of the receiver', () => backend.refuse('bad_request')],
  ])('that %s is no trouble, and no other one waits for that login', async (_how, cut) => {
    backend.answerChecks((one, usual) => (waitOf(one.body) ? cut()(one, usual) : saying(usual(), NAMED)));
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => follow().length, { timeout: HANGS_MS }).toBeGreaterThan(3);
    const { checkTrouble, checkFailures } = (await knownOf(account)) ?? {};
    expect([checkTrouble, checkFailures]).toEqual([null, 0]);
    tick();
    await shownAccount(account, ({ status }) => status === 'live');
    expect(follow().map((wait) => wait !== undefined)).toEqual(follow().map((_, index) => index === 1));
  });
});
