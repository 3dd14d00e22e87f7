import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../utils/domain/delivery/answers.ts';
import { settleCall } from '../../../utils/domain/session/settle-call.ts';
import type { Call } from '../../../utils/domain/session/world.ts';
import {
  account,
  delivery,
  facts,
  NOW,
  plain,
  sessionApplied,
  sessionReport,
  signed,
  trouble,
  world,
} from '../../support/samples/samples.ts';

const HEARD = { sentAt: NOW + 300, at: NOW + 1_234 };
const APPLIED: Outcome = { kind: 'applied', answer: sessionApplied() };
const REPORTED: Outcome = { kind: 'reported', answer: sessionReport() };
const BUSY: Outcome = { kind: 'trouble', trouble: trouble('unavailable', { at: HEARD.at }), retryAfterMs: 9_000 };
const DELIVER: Call = { kind: 'deliver', account: account(), destination: signed(), delivery: delivery() };
const CHECK: Call = { kind: 'check', account: account(), destination: signed(), dueAt: NOW };
const PAGE: Call = { ...CHECK, destination: plain() };
const known = (change = {}, destination: Call['destination'] = signed()) =>
  world({ destinations: [destination], deliveries: [delivery()], facts: new Map([['destination1', facts(change)]]) });

describe('all that is said of an answer', () => {
  it('is of the moment when it was heard', () => {
    const done = settleCall(DELIVER, { outcome: APPLIED, heard: HEARD }, known());
    expect(done).toMatchObject({
      facts: { provenAt: HEARD.at, report: { at: HEARD.at, sentAt: HEARD.sentAt } },
      deliveries: [{ end: 'applied', endedAt: HEARD.at }],
    });
    const again = settleCall(DELIVER, { outcome: BUSY, heard: HEARD }, known());
    expect(again?.deliveries).toMatchObject([{ nextAttemptAt: HEARD.at + 9_000, trouble: { at: HEARD.at } }]);
    const failed = settleCall(CHECK, { outcome: BUSY, heard: HEARD }, known());
    expect(failed?.facts).toMatchObject({ checkTrouble: { at: HEARD.at }, nextCheckAt: HEARD.at + 9_000 });
    const proven = settleCall(CHECK, { outcome: REPORTED, heard: HEARD }, known());
    expect(proven?.deliveries).toMatchObject([{ end: 'applied', endedAt: HEARD.at }]);
  });

  it('is by our clock alone where a status page told it', () => {
    const read = settleCall(PAGE, { outcome: REPORTED, heard: HEARD }, known({}, plain()));
    expect(read?.facts).toMatchObject({ provenAt: null, report: { at: HEARD.at, skewMs: 0 } });
  });
});

describe('a status page', () => {
  it('proves no login that is under way, since it knows of none', () => {
    const login = { delivery: 'ob_before', via: 'redirect', capturedAt: NOW - 1_500, endedAt: NOW - 1_400 } as const;
    const before = known({ login: { ...login, end: 'accepted', trouble: null } }, plain());
    const observed = delivery({ via: 'observed', state: 'observed', body: null });
    const read = settleCall(PAGE, { outcome: REPORTED, heard: HEARD }, { ...before, deliveries: [observed] });
    expect(read?.deliveries).toEqual([]);
  });
});

describe('a check during which the clock was set', () => {
  it.each([
    ['back', -93_600_000],
    ['ahead', 93_600_000],
    ['ahead by some minutes', 200_000],
  ])('%s tells nothing, and is made again at once', (_how, byMs) => {
    const before = known({ nextCheckAt: NOW });
    const heard = { sentAt: NOW + 300, at: NOW + 500 + byMs };
    const settled = settleCall(CHECK, { outcome: REPORTED, heard }, before);
    const facts = { ...before.facts.get('destination1'), nextCheckAt: heard.at };
    expect(settled).toEqual({ facts, deliveries: [] });
  });
});

describe('a check that is asked for again while it is out', () => {
  it.each<[string, number | null, boolean]>([
    ['at the same moment', NOW + 300, true],
    ['later', NOW + 900, true],
    ['never', NOW, false],
    ['by nobody', null, false],
  ])('is made again: %s', (_when, nextCheckAt, isAgain) => {
    const settled = settleCall(CHECK, { outcome: REPORTED, heard: HEARD }, known({ nextCheckAt }));
    expect(settled?.facts.nextCheckAt === nextCheckAt).toBe(isAgain);
  });
});

describe('an answer', () => {
  const other = delivery({ id: 'ob_other', destination: 'destination2' });

  it('to a delivery ends that one alone', () => {
    const twin = delivery({ id: 'ob_twin' });
    const both = { ...known(), deliveries: [twin, other, delivery()] };
    const done = settleCall(DELIVER, { outcome: APPLIED, heard: HEARD }, both);
    expect(done?.deliveries.map(({ id }) => id)).toEqual([delivery().id]);
  });

  it('to a delivery is no answer to the same token’s at another destination', () => {
    const elsewhere = { ...known(), deliveries: [delivery({ destination: 'destination2' })] };
    expect(settleCall(DELIVER, { outcome: APPLIED, heard: HEARD }, elsewhere)?.deliveries).toEqual([]);
  });

  it.each([
    ['another delivery', delivery({ id: 'ob_twin' })],
    ['one that has ended', delivery({ state: 'ended', end: 'failed', endedAt: NOW })],
    ['one of another destination', delivery({ destination: 'destination2' })],
  ])('to a check proves the delivery that it names, not %s', (_what, one) => {
    const done = settleCall(CHECK, { outcome: REPORTED, heard: HEARD }, { ...known(), deliveries: [one] });
    expect(done?.deliveries).toEqual([]);
  });

  it('that a delivery had no luck with says nothing of checks', () => {
    const before = known({ nextCheckAt: NOW + 300 });
    const { facts: after } = settleCall(DELIVER, { outcome: BUSY, heard: HEARD }, before) ?? {};
    expect(after).toMatchObject({ checkTrouble: null, nextCheckAt: NOW + 300 });
  });

  it('to a delivery sets the next check anew', () => {
    const done = settleCall(DELIVER, { outcome: APPLIED, heard: HEARD }, known({ nextCheckAt: NOW + 300 }));
    expect(done?.facts.nextCheckAt).not.toBe(NOW + 300);
  });
});

describe('a destination that was changed or removed while it was called', () => {
  it.each([
    ['changed', [signed({ savedAt: NOW })]],
    ['removed', []],
    ['removed, and another one saved at its moment', [signed({ id: 'destination2' })]],
  ])('is not believed any more: %s', (_how, destinations) => {
    expect(settleCall(CHECK, { outcome: REPORTED, heard: HEARD }, { ...known(), destinations })).toBeNull();
  });
});
