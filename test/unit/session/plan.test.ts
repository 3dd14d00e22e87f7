import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../utils/domain/delivery/delivery.ts';
import type { TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { PROOF_LIFETIME_MS, type SessionFacts } from '../../../utils/domain/session/facts.ts';
import { plan } from '../../../utils/domain/session/plan.ts';
import type { Call, World } from '../../../utils/domain/session/world.ts';
import {
  account,
  DELIVERY_ID,
  delivery,
  facts,
  iso,
  login,
  NOW,
  plain,
  report,
  session,
  signed,
  trouble,
  world,
} from '../../support/samples/samples.ts';

const known = (change: Partial<SessionFacts>) => ({ facts: new Map([['destination1', facts(change)]]) });
const callsOf = (change: Partial<World>) => plan(world(change)).calls.map(({ kind }) => kind);
const SECOND = 1_000;
const URL_OF_STATUS = 'http://127.0.0.1:8787/status';
const withStatus = {
  destinations: [plain({ status: { kind: 'session-manager', url: URL_OF_STATUS } })],
};
const loginAt = (endedAt: number): SessionFacts['login'] => ({
  delivery: DELIVERY_ID,
  via: 'redirect',
  capturedAt: endedAt - SECOND,
  endedAt,
  end: 'accepted',
  trouble: null,
});
const dead = { worker: 'an-earlier-life', at: NOW - 5_000 };

describe('what is called (NET-03, NET-05)', () => {
  it.each<[calls: string[], when: string, change: Partial<World>]>([
    [[], 'nothing is stored', {}],
    [['deliver'], 'a token waits and the destination is proven', { deliveries: [delivery()] }],
    [
      ['deliver'],
      'the proof is as old as it may be',
      { deliveries: [delivery()], ...known({ provenAt: NOW - PROOF_LIFETIME_MS }) },
    ],
    [
      ['check'],
      'the proof is older',
      { deliveries: [delivery()], ...known({ provenAt: NOW - PROOF_LIFETIME_MS - 1 }) },
    ],
    [
      ['check'],
      'the proof is from the future, by a clock that jumped',
      { deliveries: [delivery()], ...known({ provenAt: NOW + PROOF_LIFETIME_MS + 1 }) },
    ],
    [['check'], 'there is no proof', { deliveries: [delivery()], ...known({}) }],
    [['deliver'], 'a plain destination has none', { deliveries: [delivery()], ...known({}), destinations: [plain()] }],
    [[], 'the next attempt is due later', { deliveries: [delivery({ nextAttemptAt: NOW + 1 })] }],
    [[], 'the token is held for a click', { deliveries: [delivery({ state: 'held' })] }],
    [[], 'the account is paused', { deliveries: [delivery()], accounts: [account({ paused: true })] }],
    [
      [],
      'the permission was taken back',
      { deliveries: [delivery()], granted: new Set(['http://localhost/*', 'data:not-asked']) },
    ],
    [[], 'Firefox was not given its consent', { deliveries: [delivery()], granted: new Set(['http://127.0.0.1/*']) }],
    [[], 'the destination is being called', { deliveries: [delivery()], busy: new Set(['destination1']) }],
    [
      [],
      'this life is sending it',
      { deliveries: [delivery({ sending: { worker: 'this-life', at: NOW } })], busy: new Set(['destination1']) },
    ],
    [
      ['deliver'],
      'a life that died was sending it',
      { deliveries: [delivery({ sending: dead, nextAttemptAt: NOW + 60_000 })] },
    ],
    [
      [],
      'a life that died was sending a one-time token to a plain destination',
      { deliveries: [delivery({ sending: dead })], destinations: [plain()] },
    ],
    [
      ['deliver'],
      'it was a day token',
      { deliveries: [delivery({ sending: dead, kind: 'day' })], destinations: [plain()] },
    ],
    [['check'], 'the token expired', { deliveries: [delivery({ expiresAt: NOW })] }],
    [
      ['check'],
      'the destination was paired anew after the capture',
      { deliveries: [delivery()], ...known({ nextCheckAt: NOW }), destinations: [signed({ id: 'destination2' })] },
    ],
    [
      ['deliver'],
      'the clock was ahead when the destination was paired',
      { deliveries: [delivery()], ...known({ provenAt: NOW }), destinations: [signed({ savedAt: NOW + 3_600_000 })] },
    ],
    [[], 'the destination is gone', { deliveries: [delivery()], destinations: [] }],
    [[], 'the account is gone', { deliveries: [delivery()], accounts: [] }],
    [['check'], 'a check is due', known({ nextCheckAt: NOW })],
    [
      ['deliver'],
      'the clock was set back after the capture',
      {
        deliveries: [delivery({ capturedAt: NOW + 3_600_000, nextAttemptAt: NOW + 3_600_000 })],
        ...known({ provenAt: NOW }),
      },
    ],
    [
      ['deliver'],
      'the clock was set back after a try that failed',
      {
        deliveries: [
          delivery({ nextAttemptAt: NOW + 3_602_000, trouble: trouble('timeout', { at: NOW + 3_600_000 }) }),
        ],
        ...known({ provenAt: NOW }),
      },
    ],
    [
      ['check'],
      'the clock was set back after the last report',
      known({ report: report({ at: NOW + 3_600_000 }), nextCheckAt: NOW + 3_602_000 }),
    ],
    [
      [],
      'a check failed since the clock was set back',
      known({
        report: report({ at: NOW + 3_600_000 }),
        checkTrouble: trouble('stale_timestamp', { at: NOW - 1_000 }),
        nextCheckAt: NOW + 1_000,
      }),
    ],
    [
      ['check'],
      'a login came after the last word of a status page',
      { ...withStatus, ...known({ report: report({ at: NOW - 2_000 }), login: loginAt(NOW - 1_000) }) },
    ],
    [
      [],
      'the clock was set back after that login, and the page was asked since',
      { ...withStatus, ...known({ report: report({ at: NOW - 2_000 }), login: loginAt(NOW + 3_600_000) }) },
    ],
    [[], 'a check is due later', known({ nextCheckAt: NOW + 1 })],
    [[], 'a check of a plain destination is due', { ...known({ nextCheckAt: NOW }), destinations: [plain()] }],
    [['deliver'], 'a check is due too', { deliveries: [delivery()], ...known({ provenAt: NOW, nextCheckAt: NOW }) }],
  ])('is %j when %s', (calls, _when, change) => expect(callsOf(change)).toEqual(calls));

  it('is a lease: what is called is written as being sent', () => {
    expect(plan(world({ deliveries: [delivery()] })).deliveries).toEqual([
      delivery({ sending: { worker: 'this-life', at: NOW } }),
    ]);
  });
});

describe('a token that waits for a proof', () => {
  const waiting = (code: TroubleCode, ago: number, status?: number) =>
    callsOf({
      deliveries: [delivery({ capturedAt: NOW - 20_000, expiresAt: NOW + 100_000 })],
      ...known({
        checkTrouble: trouble(code, { at: NOW - ago, status }),
        checkFailures: 12,
        nextCheckAt: NOW + 200_000,
      }),
    });

  it('is not kept by the backoff of checks that failed before it came', () => {
    expect(waiting('unreachable', 60_000)).toEqual(['check']);
  });
  it('is asked for again within seconds, not minutes', () => {
    expect(waiting('unreachable', 1_000)).toEqual([]);
    expect(waiting('unreachable', 10_000)).toEqual(['check']);
  });
  it.each<[TroubleCode, number]>([
    ['http_busy', 429],
    ['rate_limited', 429],
    ['unavailable', 503],
    ['http_server_error', 503],
  ])('waits where the backend asked for it: %s', (code, status) => {
    expect(waiting(code, 60_000, status)).toEqual([]);
  });
  it('is woken for', () => {
    const { wakeAt } = plan(
      world({
        deliveries: [delivery()],
        ...known({ checkTrouble: trouble('timeout', { at: NOW - 1_000 }), nextCheckAt: NOW + 200_000 }),
      }),
    );
    expect(wakeAt).toBe(NOW + 7_000);
  });
});

describe('what ends', () => {
  it.each<[code: TroubleCode, change: Partial<World>]>([
    ['expired', { deliveries: [delivery({ expiresAt: NOW })] }],
    ['expired', { deliveries: [delivery({ state: 'held', expiresAt: NOW })] }],
    ['expired', { deliveries: [delivery({ sending: dead, expiresAt: NOW })] }],
    ['outcome_unknown', { deliveries: [delivery({ sending: dead })], destinations: [plain()] }],
    ['outcome_unknown', { deliveries: [delivery({ sending: dead, expiresAt: NOW })], destinations: [plain()] }],
    ['destination_changed', { deliveries: [delivery()], destinations: [signed({ id: 'destination2' })] }],
    ['destination_changed', { deliveries: [delivery()], destinations: [signed({ id: 'destination2' })] }],
    ['destination_changed', { deliveries: [delivery({ sending: dead })], destinations: [] }],
  ])('%s: %j', (code, change) => {
    const { deliveries, endedDeliveries, facts } = plan(world(change));
    expect(deliveries).toEqual([]);
    expect(endedDeliveries).toMatchObject([{ state: 'ended', end: 'failed', body: null, trouble: { code } }]);
    // Of a destination that is gone its account tells.
    expect([...facts.values()].map(({ login }) => login)).toMatchObject([{ end: 'failed', trouble: { code } }]);
  });

  it('keeps what is being sent, though it expired', () => {
    const sending = delivery({ sending: { worker: 'this-life', at: NOW }, expiresAt: NOW });
    expect(plan(world({ deliveries: [sending], busy: new Set(['destination1']) })).deliveries).toEqual([sending]);
  });

  const older = delivery({ id: `ob_${'b'.repeat(26)}`, capturedAt: NOW - 9_000 });
  it('is replaced by a newer capture for the same destination (CAP-12)', () => {
    const { calls, endedDeliveries } = plan(world({ deliveries: [older, delivery()] }));
    expect(endedDeliveries).toMatchObject([{ id: older.id, trouble: { code: 'replaced' }, body: null }]);
    expect(calls).toMatchObject([{ kind: 'deliver', delivery: { id: delivery().id } }]);
  });
  it('is not replaced while its answer is awaited, nor for another destination', () => {
    const sending = { ...older, sending: { worker: 'this-life', at: NOW } };
    expect(plan(world({ deliveries: [sending, delivery()], busy: new Set(['destination1']) })).endedDeliveries).toEqual(
      [],
    );
    const elsewhere = { ...older, account: 'account2', destination: 'destination2' };
    const two = {
      accounts: [account(), account({ id: 'account2' })],
      destinations: [signed(), signed({ id: 'destination2', account: 'account2' })],
    };
    expect(plan(world({ ...two, deliveries: [elsewhere, delivery()] })).endedDeliveries).toEqual([]);
  });

  it('of asks and logins is their lifetime, or a clock that jumped back', () => {
    const ask = { id: 'ask00001', account: 'account1', token: 't', why: 'pasted' as const, at: NOW };
    const { endedAsks, endedLogins } = plan(
      world({
        asks: [
          { ...ask, expiresAt: NOW },
          { ...ask, expiresAt: NOW + 1 },
        ],
        logins: [
          login({ tab: 1, at: NOW - 600_001 }),
          login({ tab: 2, at: NOW - 600_000 }),
          login({ tab: 3, at: NOW + 2_001 }),
          login({ tab: 4, at: NOW + 2_000 }),
        ],
      }),
    );
    expect(endedAsks.map(({ expiresAt }) => expiresAt)).toEqual([NOW]);
    expect(endedLogins.map(({ tab }) => tab)).toEqual([1, 3]);
  });
});

describe('the next waking', () => {
  it.each<[at: number | null, when: string, change: Partial<World>]>([
    [null, 'nothing is pending', {}],
    [NOW + 30 * SECOND, 'a call is out', { busy: new Set(['destination1']) }],
    [NOW + 30 * SECOND, 'a call goes out', { deliveries: [delivery()] }],
    [NOW + 4 * SECOND, 'the next attempt', { deliveries: [delivery({ nextAttemptAt: NOW + 4 * SECOND })] }],
    [NOW + 30 * SECOND, 'an attempt is far', { deliveries: [delivery({ nextAttemptAt: NOW + 90 * SECOND })] }],
    [NOW + 20 * SECOND, 'a token expires', { deliveries: [delivery({ state: 'held', expiresAt: NOW + 20 * SECOND })] }],
    [NOW + 90 * SECOND, 'a check is due', known({ nextCheckAt: NOW + 90 * SECOND })],
    [NOW + 5 * SECOND, 'the last step of a login may lead on', { logins: [login({ page: { is: 'last', at: NOW } })] }],
    [
      NOW + 30 * SECOND,
      'a paused account has a token',
      { accounts: [account({ paused: true })], deliveries: [delivery()] },
    ],
  ])('is at %s when %s', (at, _when, change) => expect(plan(world(change)).wakeAt).toBe(at));
});

describe('a delivery to a further destination that is gone', () => {
  const gone = delivery({ id: `ob_${'b3'.repeat(13)}`, destination: 'gone0000', broker: 'icici' });

  it.each<[what: string, known: Partial<SessionFacts>]>([
    ['has its own login', { login: loginAt(gone.capturedAt + SECOND) }],
    ['has it under way', { pending: { delivery: DELIVERY_ID, via: 'redirect', capturedAt: gone.capturedAt } }],
  ])('is not told of as the account’s, where that %s', (_what, change) => {
    const deliveries = change.pending ? [gone, delivery()] : [gone];
    const { facts, endedDeliveries } = plan(world({ deliveries, ...known(change) }));
    expect(endedDeliveries).toMatchObject([{ trouble: { code: 'destination_changed' } }]);
    expect(facts.get('destination1')).toMatchObject(change);
  });
});

describe('any world', () => {
  const times = fc.integer({ min: -700_000, max: 700_000 }).map((ms) => NOW + ms);
  const near = fc.integer({ min: -20_000, max: 20_000 }).map((ms) => NOW + ms);
  const one = <T>(...values: T[]) => fc.constantFrom(...values);
  const ids = ['account1', 'account2'];
  const places = ['destination1', 'destination2'];
  const deliveries: fc.Arbitrary<Delivery> = fc.record({
    id: fc.integer({ min: 0, max: 5 }).map((n) => `ob_${'abcdef'.charAt(n).repeat(26)}`),
    account: one(...ids),
    destination: one('destination1', 'destination2', 'gone'),
    broker: one('zerodha', 'icici'),
    kind: one('one-time', 'day'),
    via: fc.constant('redirect'),
    capturedAt: near,
    expiresAt: near,
    body: fc.constant('{}'),
    state: one('waiting', 'waiting', 'held'),
    failures: fc.nat(9),
    nextAttemptAt: near,
    sending: fc.option(fc.record({ worker: one('this-life', 'dead'), at: near })),
    trouble: fc.constant(null),
    endedAt: fc.constant(null),
    end: fc.constant(null),
  });
  const worlds: fc.Arbitrary<World> = fc.record({
    now: fc.constant(NOW),
    worker: fc.constant('this-life'),
    accounts: fc
      .tuple(fc.boolean(), fc.boolean())
      .map((paused) => ids.map((id, index) => account({ id, paused: paused[index] ?? false }))),
    destinations: fc.tuple(fc.boolean(), times, one(...ids)).map(([isPlain, savedAt, owner]) => [
      isPlain ? plain({ savedAt }) : signed({ savedAt }),
      // A further destination of the first account, or the only one of the second.
      signed({ id: 'destination2', account: owner, ...(owner === 'account1' && { further: true as const }) }),
    ]),
    facts: fc
      .array(
        fc.record({
          provenAt: fc.option(times),
          nextCheckAt: fc.option(near),
          checkTrouble: fc.option(near.map((at) => trouble('timeout', { at }))),
        }),
        { maxLength: 2 },
      )
      .map(
        (all) =>
          new Map(all.map((change, index) => [places[index] ?? '', facts({ ...change, destination: places[index] })])),
      ),
    notices: fc.constant(new Map()),
    deliveries: fc.uniqueArray(deliveries, { maxLength: 6, selector: ({ id, destination }) => id + destination }),
    asks: fc.constant([]),
    logins: fc.constant([]),
    busy: fc.subarray(['destination1', 'destination2']).map((some) => new Set(some)),
    waits: fc.constant([]),
    granted: one(
      new Set(['http://127.0.0.1/*', 'data:not-asked']),
      new Set(['http://127.0.0.1/*', 'data:authenticationInfo']),
      new Set<string>(),
    ),
    clock: fc.constant(world().clock),
  });
  const targets = (calls: readonly Call[]) => calls.map(({ destination }) => destination.id);

  it('is called once a destination at most, woken while anything is pending, and planned again to nothing', () => {
    let called = 0;
    fc.assert(
      fc.property(worlds, (before) => {
        const first = plan(before);
        called += first.calls.length;
        expect(new Set(targets(first.calls)).size).toBe(first.calls.length);
        for (const { kind, account: to, destination, ...more } of first.calls) {
          expect([to.paused, before.busy.has(destination.id), before.granted.size]).toEqual([false, false, 2]);
          expect(destination.account).toBe(to.id);
          if (kind !== 'deliver' || !('delivery' in more)) continue;
          expect(more.delivery.destination).toBe(destination.id);
          expect(more.delivery.expiresAt).toBeGreaterThan(NOW);
          expect(
            first.deliveries.find(({ id, destination: to }) => id === more.delivery.id && to === destination.id)
              ?.sending?.worker,
          ).toBe('this-life');
        }
        const isPending = first.calls.length > 0 || first.deliveries.some(({ state }) => state === 'waiting');
        if (isPending) expect(first.wakeAt).toBeLessThanOrEqual(NOW + 30 * SECOND);
        if (first.wakeAt !== null) expect(first.wakeAt).toBeGreaterThan(NOW);
        for (const { body, state } of first.endedDeliveries) expect([body, state]).toEqual([null, 'ended']);
        expect(first.deliveries.length + first.endedDeliveries.length).toBe(before.deliveries.length);

        const busy = new Set([...before.busy, ...targets(first.calls)]);
        const second = plan({
          ...before,
          busy,
          facts: first.facts,
          deliveries: [...first.deliveries, ...first.endedDeliveries],
        });
        expect(second.calls).toEqual([]);
        expect(second.deliveries).toEqual(first.deliveries);
        expect(second.endedDeliveries).toEqual(first.endedDeliveries);
      }),
      { numRuns: 5_000 },
    );
    expect(called).toBeGreaterThan(500);
  });
});

describe('a token whose lifetime ended', () => {
  it('keeps the trouble that kept it from arriving', () => {
    const held = delivery({ state: 'held', expiresAt: NOW, trouble: trouble('configuration') });
    const { facts } = plan(world({ deliveries: [held] }));
    expect(facts.get('destination1')?.login).toMatchObject({ end: 'failed', trouble: { code: 'configuration' } });
  });
});

describe('a session that lives', () => {
  it('wakes the background when it ends, so that nothing stays green', () => {
    const ends = NOW + 3_600_000;
    const alive = report({ skewMs: 10_000, session: session({ expires_at: iso(ends) }) });
    const wakings = [1_800_000, 900_000, 0].map((ahead) => ends - 10_000 - ahead);
    for (const [index, at] of wakings.entries()) {
      const now = (wakings[index - 1] ?? at - 1) + (index && 1);
      const later = { now, ...known({ report: { ...alive, at: now }, nextCheckAt: null }) };
      expect(plan(world(later)).wakeAt).toBe(at);
    }
  });
});

describe('a capture that the browser lost', () => {
  const pending = { delivery: DELIVERY_ID, via: 'redirect' as const, capturedAt: NOW - 1_000 };
  const factsAfter = (change: Partial<World>, known: Parameters<typeof facts>[0]) =>
    plan(world({ ...change, facts: new Map([['destination1', facts(known)]]) })).facts.get('destination1');

  it('ends the login, and asks the destination whether it arrived', () =>
    expect(factsAfter({}, { pending })).toMatchObject({
      pending: null,
      login: { delivery: DELIVERY_ID, end: 'failed', trouble: { code: 'lost' } },
      nextCheckAt: NOW,
    }));

  it.each(['waiting', 'held'] as const)('is none while its entry is %s', (state) =>
    expect(factsAfter({ deliveries: [delivery({ state })] }, { pending })).toMatchObject({ pending, login: null }),
  );

  it('is none once its entry ended', () => {
    const ended = delivery({ state: 'ended', end: 'applied', endedAt: NOW, body: null });
    expect(factsAfter({ deliveries: [ended] }, { pending })).toMatchObject({
      pending: null,
      login: { end: 'applied' },
    });
  });
});

describe('a login that the backend’s own callback takes', () => {
  const observed = (change: Partial<Delivery> = {}) =>
    delivery({ via: 'observed', state: 'observed', body: 'http://127.0.0.1:8000/?request_token=x', ...change });
  const accounts = [account({ mode: 'observe' })];
  const of = (change: Partial<Delivery>, more: Partial<World> = {}) =>
    plan(world({ accounts, deliveries: [observed(change)], ...more }));

  it.each(['waiting', 'held', 'observed'] as const)('is never sent, not even as an entry that is %s', (state) =>
    expect(of({ state }).calls.filter(({ kind }) => kind === 'deliver')).toEqual([]),
  );

  it.each([
    [400, false],
    [500, true],
    [3_000, true],
  ])('is looked for %i ms after its capture: %s', (age, isAsked) =>
    expect(of({ capturedAt: NOW - age }).calls.map(({ kind }) => kind)).toEqual(isAsked ? ['check'] : []),
  );

  it('is looked for again after each answer, less and less often', () => {
    const asked = (sinceCapture: number, sinceReport: number) => {
      const known = facts({ provenAt: NOW, report: report({ at: NOW - sinceReport }) });
      return of({ capturedAt: NOW - sinceCapture }, { facts: new Map([['destination1', known]]) }).calls.length;
    };
    expect([asked(1_400, 300), asked(2_100, 1_000), asked(60_000, 10_000), asked(60_000, 15_000)]).toEqual([
      0, 1, 0, 1,
    ]);
  });

  it('keeps the background coming back', () => expect(of({}).wakeAt).toBeLessThanOrEqual(NOW + 30_000));

  it.each([
    [undefined, 'callback_silent'],
    [{ answered: false, at: NOW }, 'callback_silent'],
    [{ answered: true, at: NOW }, 'callback_failed'],
    [{ answered: true, at: NOW, says: 'failed' }, 'callback_failed'],
    [{ answered: true, at: NOW, says: 'no_login' }, 'app_login_first'],
  ] as const)('whose callback did %j ends with its token as %s', (callback, code) =>
    expect(of({ callback, expiresAt: NOW }).endedDeliveries).toMatchObject([
      { end: 'failed', body: null, trouble: { code } },
    ]),
  );

  it.each([
    ['failed', 'callback_failed'],
    ['no_login', 'app_login_first'],
  ] as const)('whose callback says %s is over at once, as %s', (says, code) =>
    expect(
      of({ callback: { answered: true, at: NOW, says } }, { destinations: [plain()] }).endedDeliveries,
    ).toMatchObject([{ end: 'failed', body: null, trouble: { code } }]),
  );

  it('is never sent to an OpenAlgo, in whatever mode its account is', () => {
    const status = { kind: 'openalgo', url: 'https://trade.example.in/auth/session-status' } as const;
    const sent = (destination: ReturnType<typeof plain>) =>
      plan(world({ deliveries: [delivery()], destinations: [destination] })).calls.map(({ kind }) => kind);
    expect(sent(plain())).toEqual(['deliver']);
    expect(sent(plain({ status }))).not.toContain('deliver');
  });

  it.each([
    ['no destination', [] as World['destinations']],
    ['a plain one', [plain()]],
  ])('with %s is accepted by its callback’s answer', (_which, destinations) =>
    expect(of({ callback: { answered: true, at: NOW } }, { destinations }).endedDeliveries).toMatchObject([
      { end: 'accepted' },
    ]),
  );
});
