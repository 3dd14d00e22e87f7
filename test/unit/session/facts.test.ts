import { describe, expect, it } from 'vitest';
import { check } from '../../../utils/domain/base/check.ts';
import { end, fail } from '../../../utils/domain/delivery/delivery.ts';
import { CONSEQUENCES, TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import {
  foldAnswer,
  foldCheckTrouble,
  foldDelivery,
  foldDeliveryTrouble,
  foldLost,
  isFrom,
  nextCheck,
  SessionFacts,
} from '../../../utils/domain/session/facts.ts';
import { HEALTH_MS, healthDue } from '../../../utils/domain/session/health.ts';
import type { SessionState } from '../../../utils/shared/contract.ts';
import {
  DELIVERY_ID,
  delivery,
  facts,
  iso,
  ist,
  NOW,
  report,
  session,
  sessionApplied,
  sessionReport,
  trouble,
} from '../../support/samples/samples.ts';

const HEARD = { sentAt: NOW, at: NOW };
const applied = end(delivery(), 'applied', null, NOW);
const lost = fail(delivery(), 'expired', NOW);

describe('an ended delivery', () => {
  it('is remembered without its token, and asks for a first check at once', () => {
    const known = foldDelivery(facts(), applied);
    expect(check(SessionFacts, known)).toMatchObject({ ok: true });
    expect(known).toMatchObject({ login: { delivery: DELIVERY_ID, end: 'applied' }, nextCheckAt: NOW });
    expect(JSON.stringify(known)).not.toContain('token');
  });

  it('changes nothing the second time', () => {
    const once = { ...foldDelivery(facts(), applied), nextCheckAt: null };
    expect(foldDelivery(once, applied)).toBe(once);
  });

  it('does not hide a newer one', () => {
    const newer = foldDelivery(facts(), { ...applied, id: `ob_${'b'.repeat(26)}`, capturedAt: NOW + 1 });
    expect(foldDelivery(newer, { ...lost, endedAt: NOW + 2 })).toBe(newer);
    // A time that has not come yet says that the clock was ahead, not that the login is older.
    expect(foldDelivery(newer, lost).login?.delivery).toBe(lost.id);
    expect(foldDelivery(facts(), delivery())).toEqual(facts());
  });

  it('of a plain destination asks for no check', () => {
    expect(foldDelivery(facts(), end(delivery(), 'accepted', null, NOW)).nextCheckAt).toBeNull();
  });
});

describe('a signed answer', () => {
  it('proves the destination and tells the clocks apart', () => {
    const before = facts({ checkTrouble: trouble('timeout'), checkFailures: 3 });
    const answer = sessionReport({ server_time: iso(NOW + 480_000) });
    expect(foldAnswer(before, answer, { sentAt: NOW - 100, at: NOW })).toMatchObject({
      provenAt: NOW,
      checkTrouble: null,
      checkFailures: 0,
      report: { at: NOW, sentAt: NOW - 100, skewMs: 480_050 },
    });
  });

  it('that names a delivery whose answer was lost acknowledges it', () => {
    const known = foldDelivery(facts(), lost);
    expect(foldAnswer(known, sessionReport(), HEARD).login).toMatchObject({ end: 'applied', trouble: null });
    const other = sessionReport({ session: session({ delivery: 'ob_other' }) });
    expect(foldAnswer(known, other, HEARD).login).toMatchObject({ end: 'failed' });
  });

  it('to a delivery keeps what only a report tells, but no feed of an older session', () => {
    const queue = { parked: 1, queued: 0, running: 0, done: 0, failed: 0, needs_confirmation: 0, latest: [] };
    const feed = { state: 'live' as const, first_tick_at: null, last_tick_at: null, source: null };
    const known = foldAnswer(facts({ report: report({ queue, feed }) }), sessionApplied(), HEARD);
    expect(known.report).toMatchObject({ queue, session: { state: 'exchanged' } });
    expect(known.report?.feed).toBeUndefined();
  });
});

describe('a trouble', () => {
  it.each(TroubleCode.options)('%s ends the proof when it was no answer of this contract', (code) => {
    const isOver = ['prove', 'hold'].includes(CONSEQUENCES[code].then);
    const proven = facts({ provenAt: NOW - 5 });
    for (const folded of [
      foldCheckTrouble(proven, trouble(code), null, NOW),
      foldDeliveryTrouble(proven, trouble(code)),
    ])
      expect(folded.provenAt).toBe(isOver ? null : NOW - 5);
  });

  it('of a check delays the next one, longer each time', () => {
    const once = foldCheckTrouble(facts(), trouble('timeout'), null, NOW);
    const twice = foldCheckTrouble(once, trouble('timeout'), null, NOW);
    expect([once.checkFailures, twice.checkFailures]).toEqual([1, 2]);
    expect(twice.nextCheckAt ?? 0).toBeGreaterThan(once.nextCheckAt ?? 0);
    expect(foldCheckTrouble(facts(), trouble('http_busy'), 60_000, NOW).nextCheckAt).toBe(NOW + 60_000);
  });
});

describe('the next check', () => {
  const login = foldDelivery(facts(), applied).login;
  const exchanged = report({ session: session({ state: 'exchanged' }) });
  const feed = (state: 'live' | 'off' | 'subscribed') => ({
    state,
    first_tick_at: null,
    last_tick_at: null,
    source: null,
  });
  const busy = { parked: 0, queued: 1, running: 0, done: 0, failed: 0, needs_confirmation: 0, latest: [] };

  it.each<[after: number | 'its health', ago: number, told: SessionFacts['report']]>([
    [500, 0, exchanged],
    [1_000, 500, exchanged],
    [2_000, 1_000, exchanged],
    [4_000, 2_500, exchanged],
    [8_000, 7_999, exchanged],
    [38_000, 8_000, exchanged],
    [629_999, 599_999, exchanged],
    ['its health', 600_000, exchanged],
    ['its health', 0, report()],
    ['its health', 0, report({ feed: feed('live') })],
    ['its health', 0, report({ feed: feed('off') })],
    [500, 0, report({ feed: feed('subscribed') })],
    [500, 0, report({ feed: feed('live'), queue: busy })],
    ['its health', 0, report({ session: session({ state: 'rejected' }) })],
    ['its health', 0, report({ session: session({ state: 'expired' }) })],
    ['its health', 0, null],
  ])('is %s ms after the login, %i ms after it with %o', (after, ago, told) => {
    const at = nextCheck(facts({ login, report: told }), NOW + ago);
    expect(at).toBe(after === 'its health' ? healthDue('destination1', NOW + ago) : NOW + after);
  });
});

describe('a session that names a login', () => {
  const login = { delivery: DELIVERY_ID, via: 'redirect' as const, capturedAt: NOW };
  it.each([
    [true, 'it was exchanged after the capture', session({ delivery: DELIVERY_ID, exchanged_at: iso(NOW + 500) }), 0],
    [true, 'two clocks differ by a moment', session({ delivery: DELIVERY_ID, exchanged_at: iso(NOW - 1_500) }), 0],
    [
      true,
      'its clock is an hour behind',
      session({ delivery: DELIVERY_ID, exchanged_at: iso(NOW - 3_599_000) }),
      -3_600_000,
    ],
    [
      false,
      'it was exchanged at an earlier login of the same day',
      session({ delivery: DELIVERY_ID, exchanged_at: iso(NOW - 60_000) }),
      0,
    ],
    [false, 'it came from another login', session({ delivery: 'ob_other', exchanged_at: iso(NOW) }), 0],
    [false, 'nothing was exchanged', session({ delivery: DELIVERY_ID, exchanged_at: null }), 0],
  ])('is from it: %s, when %s', (isIts, _when, named, skewMs) => {
    expect(isFrom(report({ session: named, skewMs }), login)).toBe(isIts);
  });

  it('does not turn a refused second login of the day into a success', () => {
    const refused = foldDelivery(facts(), end(delivery(), 'failed', trouble('token_spent'), NOW));
    const morning = sessionReport({ session: session({ delivery: DELIVERY_ID, exchanged_at: iso(NOW - 3_600_000) }) });
    expect(foldAnswer(refused, morning, HEARD).login).toMatchObject({
      end: 'failed',
      trouble: { code: 'token_spent' },
    });
  });
});

describe('a check that is refused for the account', () => {
  it('means the account’s name, since a check carries no login', () => {
    expect(foldCheckTrouble(facts(), trouble('wrong_account'), null, NOW).checkTrouble?.code).toBe('unknown_account');
  });
});

describe('a feed that was accepted while the market is closed', () => {
  it('is asked about again after the next opening', () => {
    const friday = ist('2026-11-20 18:00');
    const login = {
      delivery: DELIVERY_ID,
      via: 'redirect',
      capturedAt: friday,
      endedAt: friday,
      end: 'applied',
      trouble: null,
    } as const;
    const feed = { state: 'subscribed', first_tick_at: null, last_tick_at: null, source: null } as const;
    const known = facts({ login, report: report({ session: session({ delivery: DELIVERY_ID }), feed }) });
    expect(nextCheck(known, ist('2026-11-23 09:13'))).toBe(ist('2026-11-23 09:15:30'));
    expect(nextCheck(known, friday + 3_600_000) - friday).toBeGreaterThanOrEqual(3_600_000 + HEALTH_MS);
  });
});

describe('a login whose token the browser lost', () => {
  const lost = (capturedAt: number, skewMs?: number) =>
    foldLost(facts({ pending: { delivery: DELIVERY_ID, via: 'redirect', capturedAt, skewMs } }), NOW);
  const heard = (known: SessionFacts, exchangedAt: number, at: number, change: Partial<SessionState> = {}) =>
    foldAnswer(
      known,
      sessionReport({ server_time: iso(at), session: session({ exchanged_at: iso(exchangedAt), ...change }) }),
      { at },
    ).login;

  it('had arrived after all when the report names it', () =>
    expect(heard(lost(NOW - 1_000), NOW, NOW + 2_000)).toMatchObject({ end: 'applied', trouble: null }));

  it('had arrived, also when the clock was set back since', () => {
    const back = 240_000;
    const report = sessionReport({ server_time: iso(NOW + 2_000), session: session({ exchanged_at: iso(NOW) }) });
    const { login } = foldAnswer(lost(NOW - 1_000, 0), report, { at: NOW + 2_000 - back });
    expect(login).toMatchObject({ end: 'applied' });
  });

  it('lives on in the session of the same day credential', () => {
    expect(heard(lost(NOW), NOW - 3_600_000, NOW)).toMatchObject({ end: 'applied' });
    expect(heard(lost(NOW), NOW - 3_600_000, NOW, { state: 'rejected' })).toMatchObject({ end: 'failed' });
    expect(heard(lost(NOW), NOW - 3_600_000, NOW, { delivery: 'ob_other' })).toMatchObject({ end: 'failed' });
  });
});
