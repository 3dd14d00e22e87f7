import { Hono } from 'hono';
import { describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../backend/src/config/config.ts';
import { type Outcome, refuse } from '../../../backend/src/session/outcome.ts';
import type { Received } from '../../../backend/src/session/receive.ts';
import { currentRevision, report } from '../../../backend/src/session/report.ts';
import { sessionRoute } from '../../../backend/src/session/route.ts';
import { createWaits } from '../../../backend/src/session/waits.ts';
import type { FeedState } from '../../../utils/shared/contract.ts';
import { createCaller } from '../../conformance/caller.ts';
import { KEYS } from '../../flow/backend/harness.ts';
import { iso, NOW, SECRET, session } from '../../support/samples/samples.ts';

const CONFIG = readConfig(KEYS);
const ACCOUNT = (CONFIG.ok && CONFIG.value.accounts.find(({ name }) => name === 'zerodha')) || expect.fail();

const WAIT = { after: 'known', ms: 60_000 };
const MOST = { account: 2, all: 3 };

/** Waits whose accounts stand as `now` says; `reads` counts how often that was asked. */
function open() {
  const told = { now: 'known', reads: 0 };
  const revisionOf = async () => {
    told.reads += 1;
    return told.now;
  };
  return { told, waits: createWaits(revisionOf, MOST) };
}

describe('a check that waits', () => {
  it('is released by a look that finds news, and by no other', async () => {
    const { told, waits } = open();
    const released: string[] = [];
    const held = waits.hold('zerodha', WAIT).then(() => released.push('held'));
    await waits.look('zerodha');
    expect(released).toEqual([]);
    told.now = 'news';
    await waits.look('icici');
    expect(told.reads).toBe(1);
    await waits.look('zerodha');
    await held;
    expect(released).toEqual(['held']);
  });

  it('is released without news when its time is over', async () => {
    const { waits } = open();
    expect(await waits.hold('zerodha', { after: 'known', ms: 1 })).toBe(true);
  });

  it('is released when its connection is closed, and leaves its place', async () => {
    const { waits } = open();
    const gone = new AbortController();
    const held = [waits.hold('zerodha', WAIT, gone.signal), waits.hold('zerodha', WAIT, gone.signal)];
    expect(await waits.hold('zerodha', WAIT)).toBe(false);
    gone.abort();
    await Promise.all(held);
    expect(await waits.hold('zerodha', { after: 'known', ms: 1 })).toBe(true);
    waits.stop();
  });

  it('is not held beside as many of its account, or in all, as may be', async () => {
    const { waits } = open();
    const held = [waits.hold('zerodha', WAIT), waits.hold('zerodha', WAIT)];
    expect(await waits.hold('zerodha', WAIT)).toBe(false);
    held.push(waits.hold('icici', WAIT));
    expect(await waits.hold('icici', WAIT)).toBe(false);
    waits.stop();
    expect(await Promise.all(held)).toEqual([false, false, false]);
    expect(await waits.hold('zerodha', WAIT)).toBe(false);
  });

  it('costs one read a look for all of its account, and none while nobody waits', async () => {
    const { told, waits } = open();
    await waits.look('zerodha');
    expect(told.reads).toBe(0);
    const held = [waits.hold('zerodha', WAIT), waits.hold('zerodha', WAIT)];
    told.now = 'news';
    await waits.look('zerodha');
    await Promise.all(held);
    await waits.look('zerodha');
    expect(told.reads).toBe(1);
  });
});

describe('the route of a session', () => {
  it('tells of a connection that is closed while its answer is held', async () => {
    const asked = Promise.withResolvers<AbortSignal | undefined>();
    const held = Promise.withResolvers<Outcome>();
    const receive = ({ gone }: Received) => {
      asked.resolve(gone);
      return held.promise;
    };
    const signers = [{ account: ACCOUNT, secrets: [SECRET] }];
    const route = sessionRoute({ signers, receive, senderOf: () => '', log: () => {}, now: Date.now });
    const { sign } = createCaller({ url: '', secret: SECRET, account: 'zerodha', broker: 'zerodha' });
    const leaving = new AbortController();
    const headers = sign('chk_1', '{}');
    const sent = { method: 'POST', headers, body: '{}', signal: leaving.signal };
    const answered = new Hono().post('/', route).request('/', sent);
    const gone = await asked.promise;
    expect(gone?.aborted).toBe(false);
    leaving.abort();
    expect(gone?.aborted).toBe(true);
    held.resolve(refuse('unavailable', ''));
    expect((await answered).status).toBe(503);
  });
});

const FEED = {
  state: 'live',
  first_tick_at: iso(NOW),
  last_tick_at: iso(NOW),
  source: 'Kite ticker',
  problem: null,
} as const;
const BACKWARDS = Object.fromEntries(Object.entries(FEED).reverse()) as FeedState;
const QUEUE = { parked: 0, queued: 0, running: 0, done: 0, failed: 0, needs_confirmation: 0, latest: [] };
const sources = (feed: FeedState = FEED) => ({
  sessions: { state: async () => session() },
  lists: { report: async () => QUEUE },
  keeper: { read: async () => ({ state: feed, heldBy: null }) },
  now: () => NOW,
});
const revisionOf = (feed: FeedState) => currentRevision(sources(feed), 'zerodha');

describe('the revision of a report', () => {
  it.each<[isSame: boolean, where: string, feed: FeedState]>([
    [true, 'another process writes its fields in another order', BACKWARDS],
    [true, 'what is null is left out', { ...FEED, problem: undefined }],
    [true, 'a later tick came', { ...FEED, last_tick_at: iso(NOW + 1_000) }],
    [false, 'the first tick is another one', { ...FEED, first_tick_at: iso(NOW + 1_000) }],
    [false, 'the feed broke', { ...FEED, state: 'connecting' }],
    [false, 'there is a problem', { ...FEED, problem: 'no price for 30 seconds' }],
  ])('is the same: %s, where %s', async (isSame, _where, feed) => {
    expect((await revisionOf(feed)) === (await revisionOf(FEED))).toBe(isSame);
  });

  it.each([true, false])('is in an answer that was held where another wait is welcome: %s', async (isWelcome) => {
    const { signal } = new AbortController();
    const hold = vi.fn(async () => isWelcome);
    const wait = { after: await revisionOf(FEED), ms: 1 };
    const answer = await report({ ...sources(), waits: { hold }, refresh: async () => {} }, ACCOUNT, wait, signal);
    expect(hold.mock.calls).toEqual([['zerodha', wait, signal]]);
    expect(answer).toMatchObject({ ok: true, revision: isWelcome ? wait.after : undefined });
  });
});
