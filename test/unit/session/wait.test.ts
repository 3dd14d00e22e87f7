import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skewOf } from '../../../utils/domain/base/moments.ts';
import type { TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { foldAnswer, foldCut, nextCheck, type SessionFacts, waitOf } from '../../../utils/domain/session/facts.ts';
import { plan } from '../../../utils/domain/session/plan.ts';
import { settleCall } from '../../../utils/domain/session/settle-call.ts';
import { waitAgainAt, withoutWait } from '../../../utils/domain/session/wait.ts';
import type { Check, World } from '../../../utils/domain/session/world.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import {
  account,
  DELIVERY_ID,
  delivery,
  facts,
  iso,
  ist,
  NOW,
  report,
  session,
  sessionReport,
  signed,
  trouble,
  world,
} from '../../support/samples/samples.ts';

const WAIT = { after: 'r1', ms: 5_000 };
const ENDED = NOW - SECOND;
const LOGIN = {
  delivery: DELIVERY_ID,
  via: 'redirect',
  capturedAt: ENDED - SECOND,
  endedAt: ENDED,
  end: 'applied',
  trouble: null,
} as const;
const feed = (state: 'connecting' | 'subscribed' | 'live') =>
  ({ state, first_tick_at: null, last_tick_at: null, source: null }) as const;

/** A report after the login that is not settled, by a receiver that holds its answers. */
const told = (change: Parameters<typeof report>[0] = {}) =>
  report({ sentAt: ENDED, feed: feed('connecting'), understands: ['check.wait'], revision: 'r1', ...change });
const known = (change: Partial<SessionFacts> = {}) =>
  facts({ login: LOGIN, report: told(), provenAt: NOW, nextCheckAt: NOW, ...change });

describe('the next check waits for a change', () => {
  it.each<[waits: boolean, when: string, known: SessionFacts, now?: number]>([
    [true, 'a login was delivered and its feed connects', known()],
    [true, 'the session is not verified', known({ report: told({ session: session({ state: 'exchanged' }) }) })],
    [false, 'all is proven', known({ report: told({ feed: feed('live') }) })],
    [false, 'the session is over', known({ report: told({ session: session({ state: 'rejected' }) }) })],
    [false, 'there was no login', known({ login: null })],
    [false, 'there is no report', known({ report: null })],
    [false, 'the report is older than the login', known({ report: told({ sentAt: ENDED - 1 }) })],
    [false, 'the receiver does not name it', known({ report: told({ understands: ['token.with'] }) })],
    [false, 'the receiver has no place', known({ report: told({ revision: undefined }) })],
    [false, 'the last check failed', known({ checkTrouble: trouble('timeout') })],
    [false, 'another one was cut off for this login', known({ report: told({ cutAt: NOW - 9 * MINUTE }) })],
    [true, 'another one was cut off long ago', known({ report: told({ cutAt: NOW - 10 * MINUTE }) })],
    [false, 'the login is ten minutes old', known(), ENDED + 10 * MINUTE],
    [false, 'the clock was set back since the login', known(), ENDED - 1],
    [
      false,
      'no tick can come before the market opens',
      known({
        login: { ...LOGIN, endedAt: ist('2026-11-20 20:00') },
        report: told({ at: ist('2026-11-20 20:00'), sentAt: ist('2026-11-20 20:00'), feed: feed('subscribed') }),
      }),
      ist('2026-11-20 20:00'),
    ],
  ])('%s: %s', (waits, _when, facts, now = NOW) => expect(waitOf(facts, now)).toEqual(waits ? WAIT : undefined));

  it('is due at once where the one before waited, and else after an eighth of the time since the login', () => {
    expect(nextCheck(known({ report: told({ sentAt: NOW, waitedMs: 800 }) }), NOW)).toBe(NOW);
    expect(nextCheck(known({ report: told({ sentAt: NOW }) }), NOW)).toBe(NOW + 125);
  });

  it('is asked seldom enough of a receiver whose answers change without end', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 40 }), (travel, held) => {
        let asked = 0;
        for (let at = NOW; at < NOW + 10 * MINUTE; asked += 1) {
          const heard = at + travel + held;
          at = waitAgainAt({ sentAt: at + held, at: heard, waitedMs: held }, NOW, heard, 30 * SECOND);
        }
        expect(asked).toBeLessThan(90);
      }),
    ));
});

describe('an answer that was held', () => {
  it('compares the clocks by its travel alone', () => {
    const server_time = iso(NOW + 4_100);
    const { report } = foldAnswer(facts(), sessionReport({ server_time, waited_ms: 4_000 }), {
      sentAt: NOW,
      at: NOW + 4_200,
    });
    expect(report).toMatchObject({ skewMs: 0, sentAt: NOW + 4_000, at: NOW + 4_200, waitedMs: 4_000 });
  });

  it('was never held for longer than it took, whatever it says', () =>
    fc.assert(
      fc.property(fc.integer({ min: -9_000, max: 9_000 }), fc.nat(99_999), (took, says) => {
        const { sentAt = 0, at } = withoutWait({ sentAt: NOW, at: NOW + took }, says);
        expect([sentAt >= NOW, sentAt <= Math.max(NOW, at)]).toEqual([true, true]);
        expect(Number.isFinite(skewOf(iso(NOW), { sentAt, at }))).toBe(true);
      }),
    ));

  it('leaves no revision to wait after where it was none of a check', () => {
    const applied = {
      type: 'session.applied',
      id: 'x',
      status: 'applied',
      server_time: iso(NOW),
      session: session(),
    } as const;
    expect(foldAnswer(known(), applied, { sentAt: NOW, at: NOW }).report?.revision).toBeUndefined();
  });
});

const check = (change: Partial<Check> = {}): Check => ({
  kind: 'check',
  account: account(),
  destination: signed(),
  dueAt: NOW,
  wait: WAIT,
  ...change,
});
const waitingWorld = (change: Partial<World> = {}) =>
  world({ facts: new Map([['destination1', known()]]), waits: [check()], ...change });

describe('a check that waits', () => {
  it('is begun beside the calls, once, and by the next life of the background anew', () => {
    const first = plan(waitingWorld({ waits: [] }));
    expect(first).toMatchObject({ calls: [], waits: [check()], endedWaits: [] });
    expect(plan(waitingWorld({ waits: first.waits }))).toMatchObject({ calls: [], waits: [], endedWaits: [] });
    expect(plan(waitingWorld({ waits: [], worker: 'the-next-life' })).waits).toEqual([check()]);
  });

  it('is followed by an alarm within half a minute, whatever becomes of this life', () => {
    expect(plan(waitingWorld({ waits: [] })).wakeAt).toBeLessThanOrEqual(NOW + 30 * SECOND);
    expect(plan(waitingWorld()).wakeAt).toBeLessThanOrEqual(NOW + 30 * SECOND);
  });

  it.each<[calls: string[], when: string, change: Partial<World>]>([
    [['deliver'], 'a token is to be sent', { deliveries: [delivery()] }],
    [[], 'a token waits for its next try', { deliveries: [delivery({ nextAttemptAt: NOW + 1 })] }],
    [
      ['check'],
      'a person asked',
      { facts: new Map([['destination1', known({ nextCheckAt: NOW - 1, report: told({ revision: undefined }) })]]) },
    ],
    [[], 'the account is paused', { accounts: [account({ paused: true })] }],
    [[], 'the account is gone', { accounts: [] }],
    [[], 'the destination is gone', { destinations: [] }],
    [[], 'the permission was taken back', { granted: new Set<string>() }],
    [['check'], 'the login is over for long', { now: ENDED + 10 * MINUTE }],
  ])('ends, and what is due is called at once (%j), when %s', (calls, _when, change) => {
    const { calls: made, waits, endedWaits } = plan(waitingWorld(change));
    expect([made.map(({ kind }) => kind), waits, endedWaits]).toEqual([calls, [], [check()]]);
  });

  it('gives way to another one where the destination was paired anew', () => {
    const { waits, endedWaits } = plan(waitingWorld({ destinations: [signed({ savedAt: NOW })] }));
    expect([waits.length, endedWaits]).toEqual([1, [check()]]);
  });

  it('keeps no other destination from being called', () => {
    const other = { accounts: [account(), account({ id: 'account2' })] };
    const to = signed({ id: 'destination2', account: 'account2' });
    const both = new Map([
      ...waitingWorld().facts,
      ['destination2', facts({ destination: 'destination2', nextCheckAt: NOW })],
    ]);
    const { calls, endedWaits } = plan(waitingWorld({ ...other, destinations: [signed(), to], facts: both }));
    expect([calls.map(({ destination }) => destination.id), endedWaits]).toEqual([['destination2'], []]);
  });

  it('gives way to a token for another destination on its host', () => {
    const other = { accounts: [account(), account({ id: 'account2', broker: 'icici' as const })] };
    const to = (url: string) => signed({ id: 'destination2', account: 'account2', url });
    const proven = ['destination2', facts({ destination: 'destination2', provenAt: NOW })] as const;
    const endedBeside = (url: string) =>
      plan(
        waitingWorld({
          ...other,
          destinations: [signed(), to(url)],
          deliveries: [delivery({ account: 'account2', destination: 'destination2', broker: 'icici' })],
          facts: new Map([...waitingWorld().facts, proven]),
        }),
      ).endedWaits;
    expect(endedBeside('http://127.0.0.1:8787/other')).toEqual([check()]);
    expect(endedBeside('http://127.0.0.1:9999/other')).toEqual([]);
  });

  it('of an observed login waits for its session, and is asked again at once', () => {
    const observed = delivery({ state: 'observed', via: 'observed', body: null });
    const change = { accounts: [account({ mode: 'observe' })], deliveries: [observed], waits: [] };
    expect(
      plan(waitingWorld({ ...change, facts: new Map([['destination1', known({ login: null })]]) })).waits,
    ).toMatchObject([{ wait: WAIT }]);
  });

  it.each<[answered: TroubleCode, provenAt: number | null]>([
    ['unreachable', NOW],
    ['unavailable', NOW],
    ['html', null],
    ['bad_signature', null],
    ['wrong_signature', null],
  ])('that came to nothing by %s leaves the proof at %s', (answered, provenAt) => {
    expect(foldCut(known(), trouble(answered), null, NOW).provenAt).toBe(provenAt);
  });

  it.each([
    ['at once', null, NOW],
    ['as late as it was told to', 9_000, NOW + 9_000],
    ['ten minutes later at most', 86_400_000, NOW + 600_000],
  ])('that came to nothing is followed %s by one that does not wait, and is no trouble', (_when, retryAfterMs, due) => {
    const outcome = { kind: 'trouble', trouble: trouble('unreachable'), retryAfterMs } as const;
    const settled = settleCall(check(), { outcome, heard: { sentAt: NOW - SECOND, at: NOW } }, waitingWorld());
    expect(settled?.facts).toEqual(foldCut(known(), outcome.trouble, retryAfterMs, NOW));
    expect(settled?.facts).toMatchObject({ checkTrouble: null, checkFailures: 0, nextCheckAt: due, provenAt: NOW });
    const after = plan(
      waitingWorld({ now: due, waits: [], facts: new Map([['destination1', settled?.facts ?? facts()]]) }),
    );
    expect(after).toMatchObject({ waits: [], calls: [{ kind: 'check', wait: undefined }] });
  });
});
