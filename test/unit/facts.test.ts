import { describe, expect, it } from 'vitest';
import { end, fail } from '../../utils/domain/delivery.ts';
import {
  foldAnswer,
  foldCheckTrouble,
  foldDelivery,
  foldDeliveryTrouble,
  nextCheck,
  SessionFacts,
} from '../../utils/domain/facts.ts';
import { check } from '../../utils/domain/schema.ts';
import { CONSEQUENCES, TroubleCode } from '../../utils/domain/trouble.ts';
import {
  DELIVERY_ID,
  delivery,
  facts,
  iso,
  NOW,
  report,
  session,
  sessionApplied,
  sessionReport,
  trouble,
} from '../support/samples.ts';

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
    expect(foldDelivery(newer, lost)).toBe(newer);
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
    expect(foldAnswer(before, answer, NOW - 100, NOW)).toMatchObject({
      provenAt: NOW,
      checkTrouble: null,
      checkFailures: 0,
      report: { at: NOW, skewMs: 480_050 },
    });
  });

  it('that names a delivery whose answer was lost acknowledges it', () => {
    const known = foldDelivery(facts(), lost);
    expect(foldAnswer(known, sessionReport(), NOW, NOW).login).toMatchObject({ end: 'applied', trouble: null });
    const other = sessionReport({ session: session({ delivery: 'ob_other' }) });
    expect(foldAnswer(known, other, NOW, NOW).login).toMatchObject({ end: 'failed' });
  });

  it('to a delivery keeps what only a report tells, but no feed of an older session', () => {
    const queue = { parked: 1, queued: 0, running: 0, done: 0, failed: 0, needs_confirmation: 0, latest: [] };
    const feed = { state: 'live' as const, first_tick_at: null, last_tick_at: null, source: null };
    const known = foldAnswer(facts({ report: report({ queue, feed }) }), sessionApplied(), NOW, NOW);
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

  it.each<[after: number | null, ago: number, told: SessionFacts['report']]>([
    [500, 0, exchanged],
    [1_000, 500, exchanged],
    [2_000, 1_000, exchanged],
    [4_000, 2_500, exchanged],
    [8_000, 7_999, exchanged],
    [38_000, 8_000, exchanged],
    [629_999, 599_999, exchanged],
    [null, 600_000, exchanged],
    [null, 0, report()],
    [null, 0, report({ feed: feed('live') })],
    [null, 0, report({ feed: feed('off') })],
    [500, 0, report({ feed: feed('subscribed') })],
    [500, 0, report({ feed: feed('live'), queue: busy })],
    [null, 0, report({ session: session({ state: 'rejected' }) })],
    [null, 0, report({ session: session({ state: 'expired' }) })],
    [null, 0, null],
  ])('is %s ms after the login, %i ms after it with %o', (after, ago, told) => {
    const at = nextCheck(facts({ login, report: told }), NOW + ago);
    expect(at).toBe(after === null ? null : NOW + after);
  });
});
