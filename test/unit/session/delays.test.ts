import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StatusPage } from '../../../utils/domain/accounts/settings.ts';
import { type Outcome, readStatusAnswer } from '../../../utils/domain/delivery/answers.ts';
import { answeredBy, type Delivery } from '../../../utils/domain/delivery/delivery.ts';
import { foldCapture } from '../../../utils/domain/session/facts.ts';
import { plan } from '../../../utils/domain/session/plan.ts';
import { settleCall } from '../../../utils/domain/session/settle-call.ts';
import type { Call, World } from '../../../utils/domain/session/world.ts';
import { type AccountView, overview } from '../../../utils/domain/view/overview.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../utils/shared/time.ts';
import {
  account,
  DELIVERY_ID,
  delivery,
  facts,
  iso,
  ist,
  NOW,
  plain,
  session,
  sessionApplied,
  sessionReport,
  signed,
  trouble,
  WELL,
  world,
} from '../../support/samples/samples.ts';

/** What each step of a call may take: to be sent, to be heard, to get the lock, to read what is stored, to be written. */
type Delays = Record<'sent' | 'heard' | 'locked' | 'read' | 'written', number>;
const NONE: Delays = { sent: 0, heard: 0, locked: 0, read: 0, written: 0 };

/** What answers at its own moment, by a clock that is ahead of the browser's. */
type Backend = (now: number, ahead: number, heard: { sentAt: number; at: number }) => Outcome;

interface Story {
  destination: World['destinations'][number];
  login: Delivery;
  answers: { kind: Call['kind']; says: Backend }[];
  /** Anything beside the answers, before the first one. */
  before?: (known: Delivery, now: number) => Delivery;
}

const PAGE: StatusPage = { kind: 'session-manager', url: 'http://127.0.0.1:8787/api/session-manager' };
const captured = { capturedAt: NOW, expiresAt: NOW + 2 * MINUTE, nextAttemptAt: NOW };
const FEED = { state: 'live', last_tick_at: null, source: 'kite' } as const;

const applied: Backend = (now, ahead) => ({
  kind: 'applied',
  answer: sessionApplied({
    server_time: iso(now + ahead),
    session: session({ state: 'exchanged', exchanged_at: iso(now - 1 + ahead), verified_at: null, expires_at: null }),
  }),
});
/** A report of a session that was exchanged just before, or at a moment of the browser's. */
const reported =
  (name: string, exchangedAt?: number): Backend =>
  (now, ahead) => ({
    kind: 'reported',
    answer: sessionReport({
      server_time: iso(now + ahead),
      session: session({
        delivery: name,
        exchanged_at: iso((exchangedAt ?? now - 3) + ahead),
        verified_at: iso(now - 2 + ahead),
        expires_at: iso(ist('2026-11-21 06:00') + ahead),
      }),
      feed: { ...FEED, first_tick_at: iso(now - 1 + ahead) },
    }),
  });
const page: Backend = (now, ahead, heard) => {
  const body = JSON.stringify({ session: { valid: true, active: true }, lastChecked: iso(now + ahead) });
  return readStatusAnswer(
    { kind: 'response', status: 200, headers: {}, body },
    { id: 'chk_1', ...heard },
    'main',
    PAGE,
  );
};
const accepted: Backend = () => ({ kind: 'accepted' });
const unheard: Backend = (_now, _ahead, { at }) => ({
  kind: 'trouble',
  trouble: trouble('timeout', { at }),
  retryAfterMs: null,
});

const observed = delivery({ ...captured, via: 'observed', state: 'observed', body: null });
const STORIES: Record<string, Story> = {
  'that is answered': {
    destination: signed(),
    login: delivery(captured),
    answers: [
      { kind: 'deliver', says: applied },
      { kind: 'check', says: reported(DELIVERY_ID) },
      { kind: 'check', says: reported(DELIVERY_ID, NOW) },
    ],
  },
  'whose answer is lost, and which a report names': {
    destination: signed(),
    login: delivery(captured),
    answers: [
      { kind: 'deliver', says: unheard },
      { kind: 'check', says: reported(DELIVERY_ID, NOW) },
    ],
  },
  'that another browser’s follows at once': {
    destination: signed(),
    login: delivery(captured),
    answers: [
      { kind: 'deliver', says: applied },
      { kind: 'check', says: reported('ob_another', NOW + 1) },
    ],
  },
  'that the backend’s own callback takes': {
    destination: signed(),
    login: observed,
    answers: [
      { kind: 'check', says: reported('of-its-own', NOW + 1) },
      { kind: 'check', says: reported('of-its-own', NOW + 1) },
    ],
  },
  'that a plain destination accepts': {
    destination: plain(),
    login: delivery(captured),
    answers: [{ kind: 'deliver', says: accepted }],
  },
  'that a plain destination accepts, with a status page': {
    destination: plain({ status: PAGE }),
    login: delivery(captured),
    answers: [
      { kind: 'deliver', says: accepted },
      { kind: 'check', says: page },
      { kind: 'check', says: page },
    ],
  },
  'that a callback takes, with a status page': {
    destination: plain({ status: PAGE }),
    login: observed,
    before: (known, now) => answeredBy(known, { answered: true }, now),
    answers: [
      { kind: 'check', says: page },
      { kind: 'check', says: page },
    ],
  },
};

/** What a person sees at the end, but for the times of the delays themselves. */
function play({ destination, login, answers, before }: Story, delays: readonly Delays[], ahead: number) {
  let now = login.capturedAt;
  let known = world({
    now,
    destinations: [destination],
    accounts: [account({ mode: login.state === 'observed' ? 'observe' : 'seal' })],
    deliveries: [before ? before(login, now) : login],
    facts: new Map([['destination1', foldCapture(facts({ provenAt: NOW - 1_000 }), login)]]),
  });
  const pulse = () => {
    const { facts: folded, deliveries } = plan({ ...known, now });
    known = { ...known, now, facts: folded, deliveries: deliveries.map((one) => ({ ...one, sending: null })) };
  };
  pulse();
  answers.forEach(({ kind, says }, index) => {
    const { sent, heard, locked, read, written } = delays[index] ?? NONE;
    const [of] = known.accounts;
    if (!of) throw new Error('there is no account');
    const sentAt = now;
    const askedFor = known.facts.get(destination.id)?.nextCheckAt ?? null;
    const call: Call =
      kind === 'check'
        ? { kind, account: of, destination, dueAt: askedFor }
        : { kind, account: of, destination, delivery: login };
    now += sent;
    const exchange = { sentAt, at: now + heard };
    const outcome = says(now, ahead, exchange);
    now += heard + locked + read;
    const settled = settleCall(call, { outcome, heard: exchange }, known);
    if (!settled) throw new Error('the destination is gone');
    const deliveries = known.deliveries.map((one) => settled.deliveries.find(({ id }) => id === one.id) ?? one);
    now += written;
    known = { ...known, facts: new Map([[destination.id, settled.facts]]), deliveries };
    pulse();
  });
  const [view] = overview({ ...known, now }, WELL).accounts;
  return view && seen(view);
}

function seen({ status, says, advice, links, user, term, health, confirmUser, notice }: AccountView) {
  const shown = links?.map(({ name, state, note }) => [name, state, note].join(' '));
  const isLater = /\b(?!06:00)\d\d:\d\d\b/g;
  const { endsAt, suspectUntil } = term ?? {};
  const { truth, feed } = health ?? {};
  return {
    status,
    says: says.replace(isLater, 'then'),
    advice,
    shown,
    user,
    endsAt,
    suspectUntil,
    truth,
    feed,
    confirmUser,
    notice,
  };
}

const delay = fc.integer({ min: 0, max: 30 * SECOND });
const delays = fc.record({ sent: delay, heard: delay, locked: delay, read: delay, written: delay });
const ahead = fc.oneof(fc.integer({ min: -3 * SECOND, max: 3 * SECOND }), fc.integer({ min: -DAY, max: DAY }));

describe.each(Object.entries(STORIES))('the view of a login %s', (_name, story) => {
  it('is the same for all delays of 0 to 30 s at each step, and for all differences of the clocks', () => {
    const quick = play(story, [], 0);
    expect(['live', 'verified', 'accepted']).toContain(quick?.status);
    fc.assert(
      fc.property(fc.array(delays, { minLength: 3, maxLength: 3 }), ahead, (slow, skew) => {
        expect(play(story, slow, skew)).toEqual(quick);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['sent', 'heard', 'locked', 'read', 'written'] as const)(
    'is the same with one millisecond more until %s',
    (step) => {
      const late = { ...NONE, [step]: 1 };
      for (const skew of [0, -1, 1, -HOUR, HOUR])
        expect(play(story, [late, late, late], skew)).toEqual(play(story, [], 0));
    },
  );
});
