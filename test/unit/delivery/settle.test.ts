import { describe, expect, it } from 'vitest';
import { check } from '../../../utils/domain/base/check.ts';
import { Delivery, newDelivery, settleDelivery } from '../../../utils/domain/delivery/delivery.ts';
import { CONSEQUENCES, TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { TokenKind } from '../../../utils/shared/contract.ts';
import {
  account,
  BREEZE_TOKEN,
  DELIVERY_ID,
  delivery,
  KITE_TOKEN,
  NOW,
  plain,
  sessionApplied,
  sessionReport,
  signed,
  trouble,
} from '../../support/samples/samples.ts';

const sending = delivery({ sending: { worker: 'this-life', at: NOW - 10 }, failures: 2 });
type Kind = Delivery['kind'];
const afterTrouble = (code: TroubleCode, kind: Kind, isSigned: boolean, retryAfterMs: number | null = null) =>
  settleDelivery({ ...sending, kind }, { kind: 'trouble', trouble: trouble(code), retryAfterMs }, isSigned, NOW);

// What a plain destination says of a one-time token before it can have taken it.
const NOT_TAKEN: TroubleCode[] = [
  'http_busy',
  'http_client_error',
  'no_permission',
  'no_key',
  'logged_out',
  'csrf_refused',
  'no_tab',
  'other_login',
  'unnamed_refusal',
  'certificate',
  'no_cookies',
  'not_made',
];

describe('a delivery after a trouble', () => {
  const rows = TroubleCode.options.flatMap((code) =>
    TokenKind.options.flatMap((kind) => [true, false].map((isSigned) => ({ code, kind, isSigned }))),
  );

  it.each(rows)('$code, $kind, signed $isSigned', ({ code, kind, isSigned }) => {
    const settled = afterTrouble(code, kind, isSigned);
    expect(check(Delivery, settled)).toMatchObject({ ok: true });
    expect(settled.sending).toBeNull();
    const isUnknown = !isSigned && kind === 'one-time' && !NOT_TAKEN.includes(code);
    const then = isUnknown ? 'end' : CONSEQUENCES[code].then;
    switch (then) {
      case 'end':
        expect(settled).toMatchObject({ state: 'ended', end: 'failed', body: null, endedAt: NOW });
        expect(settled.trouble?.code).toBe(isUnknown && code !== 'rule_failed' ? 'outcome_unknown' : code);
        return;
      case 'hold':
        expect(settled).toMatchObject({ state: 'held', body: sending.body, trouble: { code }, end: null });
        return;
      default:
        expect(settled).toMatchObject({ state: 'waiting', body: sending.body, failures: 3, trouble: { code } });
        expect(settled.nextAttemptAt).toBeGreaterThanOrEqual(NOW + 8_000);
    }
  });

  it('waits as long as it was asked to', () => {
    expect(afterTrouble('rate_limited', 'one-time', true, 40_000).nextAttemptAt).toBe(NOW + 40_000);
  });

  it('sends a day token to a plain destination again, and a one-time token never', () => {
    expect(afterTrouble('timeout', 'day', false)).toMatchObject({ state: 'waiting' });
    expect(afterTrouble('timeout', 'one-time', false)).toMatchObject({
      state: 'ended',
      trouble: { code: 'outcome_unknown' },
    });
    expect(afterTrouble('timeout', 'one-time', true)).toMatchObject({ state: 'waiting' });
  });
});

describe('a delivery after an answer', () => {
  const answered = (outcome: Parameters<typeof settleDelivery>[1]) => settleDelivery(sending, outcome, true, NOW);

  it.each(['applied', 'replayed'] as const)('ends when it was %s, and its token is gone', (status) => {
    const settled = answered({ kind: 'applied', answer: sessionApplied({ status }) });
    expect(settled).toMatchObject({ state: 'ended', end: 'applied', body: null, trouble: null, endedAt: NOW });
  });

  it('ends when a plain destination accepted it', () => {
    expect(settleDelivery(sending, { kind: 'accepted' }, false, NOW)).toMatchObject({ end: 'accepted', body: null });
  });

  it.each<Parameters<typeof settleDelivery>[1]>([
    { kind: 'applied', answer: sessionApplied({ status: 'dry_run' }) },
    { kind: 'reported', answer: sessionReport() },
  ])('is not acknowledged by %o: it waits, and longer each time', (outcome) => {
    const settled = answered(outcome);
    expect(settled).toMatchObject({ state: 'waiting', body: sending.body, trouble: { code: 'not_contract' } });
    expect(settled.nextAttemptAt).toBeGreaterThanOrEqual(NOW + 8_000);
  });
});

describe('a new delivery', () => {
  const captured = { id: DELIVERY_ID, token: KITE_TOKEN, via: 'redirect', now: NOW, skewMs: 0 } as const;

  it('is due at once, and says to a signed destination what the contract says', () => {
    const made = newDelivery({ ...captured, account: account(), destination: signed(), broker: brokers.zerodha });
    expect(check(Delivery, made)).toMatchObject({ ok: true });
    expect(made).toMatchObject({ state: 'waiting', nextAttemptAt: NOW, expiresAt: NOW + 120_000, kind: 'one-time' });
    expect(JSON.parse(made.body ?? '')).toEqual({
      version: 1,
      type: 'session.captured',
      account: 'main',
      broker: 'zerodha',
      token: { kind: 'one-time', value: KITE_TOKEN },
      captured_at: new Date(NOW).toISOString(),
      expires_at: new Date(NOW + 120_000).toISOString(),
      expected_user: 'AB1234',
    });
  });

  it('is dated by the destination’s clock, so that the newest login wins whoever’s clock is fast', () => {
    const ahead = { ...captured, skewMs: 180_000 };
    const made = newDelivery({ ...ahead, account: account(), destination: signed(), broker: brokers.zerodha });
    expect(made.capturedAt).toBe(NOW);
    expect(JSON.parse(made.body ?? '')).toMatchObject({ captured_at: new Date(NOW + 180_000).toISOString() });
  });

  it.each([
    [{}, `{"request_token":"${KITE_TOKEN}"}`],
    [{ format: 'form', field: 'code' }, `code=${KITE_TOKEN}`],
  ] as const)('says to a plain destination its one field: %j', (change, body) => {
    const destination = plain(change);
    expect(newDelivery({ ...captured, account: account(), destination, broker: brokers.zerodha }).body).toBe(body);
  });

  it('of Breeze lives to midnight', () => {
    const broker = brokers.icici;
    const made = newDelivery({ ...captured, token: BREEZE_TOKEN, account: account(), destination: signed(), broker });
    expect(made).toMatchObject({ kind: 'day', expiresAt: broker.session.ttlMs && Date.parse('2026-11-20T18:30:00Z') });
  });
});
