import { describe, expect, it } from 'vitest';
import { check } from '../../../utils/domain/base/check.ts';
import {
  answeredBy,
  bodyFor,
  Delivery,
  fail,
  newDelivery,
  newObserved,
} from '../../../utils/domain/delivery/delivery.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { account, DELIVERY_ID, delivery, KITE_TOKEN, NOW, signed } from '../../support/samples/samples.ts';

const captured = {
  id: DELIVERY_ID,
  account: account(),
  destination: signed(),
  broker: brokers.zerodha,
  token: KITE_TOKEN,
  via: 'redirect',
  now: NOW,
  skewMs: 3_000,
} as const;

describe('the body for a receiver', () => {
  const { body: bare } = newDelivery(captured);
  const { body: rich } = newDelivery({ ...captured, companions: { userId: 'AB1234' } });

  it('has the further values of the redirect where it understands them', () => {
    expect(JSON.parse(rich ?? '')).toMatchObject({ token: { value: KITE_TOKEN, with: { userId: 'AB1234' } } });
    expect(bodyFor({ body: rich }, ['token.with'])).toBe(rich);
    expect(bodyFor({ body: rich }, ['session.consent', 'token.with'])).toBe(rich);
  });

  it('is that of the first release where it does not', () => {
    expect(bodyFor({ body: rich }, [])).toBe(bare);
    expect(bodyFor({ body: rich }, ['session.consent'])).toBe(bare);
  });

  it.each([null, '{"request_token":"x"}', 'no JSON'])('that has none stays as it is: %j', (body) => {
    expect(bodyFor({ body }, [])).toBe(body);
    expect(bodyFor({ body: bare }, [])).toBe(bare);
  });

  it('tells both times by the destination’s clock', () =>
    expect(JSON.parse(bare ?? '')).toMatchObject({
      captured_at: new Date(NOW + 3_000).toISOString(),
      expires_at: new Date(NOW + 123_000).toISOString(),
    }));
});

describe('an entry of the outbox', () => {
  const entry = delivery();
  const words: readonly Partial<Delivery>[] = [
    ...(['redirect', 'page', 'paste', 'observed'] as const).map((via) => ({ via })),
    ...(['failed', 'no_login'] as const).map((says) => ({ callback: { answered: true, at: NOW, says } })),
    ...(['applied', 'accepted', 'failed'] as const).map((end) => ({ end })),
    ...(['waiting', 'held', 'observed', 'ended'] as const).map((state) => ({ state })),
  ];
  it.each(words)('is read again as it was written: %j', (change) =>
    expect(check(Delivery, { ...entry, ...change })).toEqual({ ok: true, value: { ...entry, ...change } }),
  );
});

describe('a login that the backend’s own callback takes', () => {
  const { token: _token, via: _via, ...login } = captured;
  const made = newObserved({ ...login, url: 'http://127.0.0.1/?request_token=x' });

  it('is an entry that is never sent', () => {
    expect(check(Delivery, made)).toMatchObject({ ok: true });
    expect(made).toEqual({
      id: DELIVERY_ID,
      via: 'observed',
      account: 'account1',
      destination: signed().id,
      broker: 'zerodha',
      kind: 'one-time',
      capturedAt: NOW,
      skewMs: 3_000,
      expiresAt: NOW + 120_000,
      body: 'http://127.0.0.1/?request_token=x',
      state: 'observed',
      failures: 0,
      nextAttemptAt: NOW,
      sending: null,
      trouble: null,
      endedAt: null,
      end: null,
    });
  });

  it('names its account where there is no destination', () =>
    expect(newObserved({ ...login, destination: null, url: null })).toMatchObject({
      destination: 'account1',
      body: null,
    }));

  it.each([true, false])('knows whether its callback answered: %s', (answered) =>
    expect(answeredBy(made, { answered }, NOW + 5)).toEqual({ ...made, callback: { answered, at: NOW + 5 } }),
  );
});

it('a delivery that ends for a reason of ours says it, and has no token any more', () =>
  expect(fail(delivery(), 'expired', NOW)).toMatchObject({
    state: 'ended',
    end: 'failed',
    body: null,
    trouble: { code: 'expired', at: NOW },
  }));

it.each(['ob_', `x${DELIVERY_ID}`, `${DELIVERY_ID}x`, DELIVERY_ID.toUpperCase()])('%s names no delivery', (id) =>
  expect(check(Delivery, delivery({ id })).ok).toBe(false),
);
