import { type Ask, LOGIN_LIFETIME_MS, type Login } from './capture.ts';
import { type Delivery, end, fail } from './delivery.ts';
import { foldDelivery, noFacts, PROOF_LIFETIME_MS, type SessionFacts } from './facts.ts';
import { HEALTH_MS, isDoubted } from './health.ts';
import { isGranted } from './hosts.ts';
import type { Preferences } from './preferences.ts';
import { type Account, type Destination, isCheckable } from './settings.ts';
import { ruleOf, termOf, turningPoints } from './term.ts';
import { SECOND } from './time.ts';
import { hostPattern } from './urls.ts';

/** Everything stored, and the moment. `worker` names this life of the background, `busy` the destinations it is calling. */
export interface World {
  now: number;
  worker: string;
  accounts: readonly Account[];
  destinations: readonly Destination[];
  facts: ReadonlyMap<string, SessionFacts>;
  deliveries: readonly Delivery[];
  asks: readonly Ask[];
  logins: readonly Login[];
  busy: ReadonlySet<string>;
  granted: ReadonlySet<string>;
  clock: ClockState;
}

/** What the clock needs beside the time: `jumpedAt` is when it was last found to have been changed, or null. */
export interface ClockState {
  preferences: Preferences;
  jumpedAt: number | null;
  canNotify: boolean;
}

export type Call =
  | { kind: 'deliver'; account: Account; destination: Destination; delivery: Delivery }
  | { kind: 'check'; account: Account; destination: Destination };

/** What a pulse has to write before it calls anyone, whom to call, and when to be woken again. */
export interface Plan {
  deliveries: Delivery[];
  facts: Map<string, SessionFacts>;
  /** Keys to remove: ended deliveries that the facts now hold, asks and logins whose time is over. */
  endedDeliveries: Delivery[];
  endedAsks: Ask[];
  endedLogins: Login[];
  calls: Call[];
  wakeAt: number | null;
}

// A killed worker wakes no later than this, and no alarm may be nearer in a store install.
const LONGEST_SLEEP_MS = 30 * SECOND;

// Half a minute would be a quarter of a one-time token's life.
const PROOF_RETRY_MS = 8 * SECOND;

/** The whole of the outbox's judgement: pure, so the same facts at the same moment always give the same plan. */
export function plan(world: World): Plan {
  const tidied = supersede(
    world.deliveries.map((delivery) => tidy(delivery, world)),
    world,
  );
  const facts = new Map(world.accounts.map(({ id }) => [id, world.facts.get(id) ?? noFacts(id)]));
  for (const delivery of tidied) {
    const known = facts.get(delivery.account);
    if (delivery.state === 'ended' && known) facts.set(delivery.account, foldDelivery(known, delivery));
  }
  const open = tidied.filter(({ state }) => state !== 'ended');
  const calls = callsFor(open, facts, world);
  const deliveries = open.map((delivery) => lease(delivery, calls, world));
  return {
    deliveries,
    facts,
    calls,
    endedDeliveries: tidied.filter(({ state }) => state === 'ended'),
    endedAsks: world.asks.filter(({ expiresAt }) => expiresAt <= world.now),
    endedLogins: world.logins.filter(({ at }) => at > world.now || world.now - at > LOGIN_LIFETIME_MS),
    wakeAt: wakeAt(deliveries, facts, calls, world),
  };
}

/** One delivery by itself: what time, a dead worker or a changed setting makes of it. */
function tidy(delivery: Delivery, world: World): Delivery {
  const { now, worker, busy, destinations } = world;
  if (delivery.state === 'ended') return delivery;
  const destination = destinations.find(({ id }) => id === delivery.destination);
  if (!destination) return fail(delivery, 'destination_changed', now);
  if (delivery.sending?.worker === worker && busy.has(delivery.destination)) return delivery;
  const orphaned = delivery.sending !== null;
  if (orphaned && destination.kind === 'plain' && delivery.kind === 'one-time')
    return fail(delivery, 'outcome_unknown', now);
  if (delivery.expiresAt <= now) return expire(delivery, world);
  return orphaned ? { ...delivery, sending: null, nextAttemptAt: now } : delivery;
}

/** A token whose lifetime ended: what kept it from arriving stays known. */
function expire(delivery: Delivery, { now, facts }: World): Delivery {
  const cause = delivery.trouble ?? facts.get(delivery.account)?.checkTrouble ?? null;
  return cause ? end(delivery, 'failed', cause, now) : fail(delivery, 'expired', now);
}

/** A newer capture ends the older ones of its destination, but none whose answer is still awaited (CAP-12). */
function supersede(deliveries: Delivery[], { now }: World): Delivery[] {
  const isOlder = (one: Delivery) =>
    deliveries.some((other) => other.destination === one.destination && other.capturedAt > one.capturedAt);
  return deliveries.map((one) =>
    one.state !== 'ended' && one.sending === null && isOlder(one) ? fail(one, 'superseded', now) : one,
  );
}

/** Where a health check wakes us, every session heard of this long ago goes along: of two, one always has been. */
const ALONG_MS = HEALTH_MS / 2;

/** All that is due, and with a health check every other that would wake us soon: one waking serves all accounts. */
function callsFor(open: readonly Delivery[], facts: ReadonlyMap<string, SessionFacts>, world: World): Call[] {
  const callsHeardBy = (heardBy: number) =>
    world.accounts.flatMap((account) => callFor(account, open, facts, world, heardBy));
  const due = callsHeardBy(Number.NEGATIVE_INFINITY);
  return due.some(({ kind }) => kind === 'check') ? callsHeardBy(world.now - ALONG_MS) : due;
}

function callFor(
  account: Account,
  open: readonly Delivery[],
  facts: ReadonlyMap<string, SessionFacts>,
  world: World,
  heardBy: number,
): Call[] {
  const destination = world.destinations.find((one) => one.account === account.id);
  const known = facts.get(account.id);
  if (account.paused || !destination || !known || world.busy.has(destination.id)) return [];
  if (!isGranted(world.granted, hostPattern(destination.url))) return [];
  const delivery = open.find((one) => one.destination === destination.id && one.state === 'waiting');
  const isProven =
    destination.kind === 'plain' ||
    (known.provenAt !== null && Math.abs(world.now - known.provenAt) <= PROOF_LIFETIME_MS);
  if (delivery && isProven)
    return delivery.nextAttemptAt <= world.now ? [{ kind: 'deliver', account, destination, delivery }] : [];
  const checkAt = checkDue(known, delivery, destination, world);
  if (!isCheckable(destination) || checkAt === null) return [];
  const isAtRest = delivery === undefined && known.report !== null && checkAt - known.report.at >= HEALTH_MS;
  const goesAlong = isAtRest && (known.report?.at ?? 0) <= heardBy;
  return checkAt <= world.now || goesAlong ? [{ kind: 'check', account, destination }] : [];
}

/** When to ask a destination for its proof: a token that waits for it does not wait out the backoff of minutes. */
function checkDue(
  facts: SessionFacts,
  waiting: Delivery | undefined,
  destination: Destination,
  world: World,
): number | null {
  const { checkTrouble } = facts;
  if (!waiting || destination.kind === 'plain') return healthDueAt(facts, destination, world);
  if (facts.nextCheckAt === null || checkTrouble === null) return world.now;
  const { status, at } = checkTrouble;
  const asksToWait = status === 429 || status === 503;
  return asksToWait ? facts.nextCheckAt : Math.min(facts.nextCheckAt, at + PROOF_RETRY_MS);
}

/** Due at its stored time; at once when what was last heard is in doubt, unless it failed since and waits for its next try. */
function healthDueAt(facts: SessionFacts, { kind }: Destination, { now, clock }: World): number | null {
  const { report, login, nextCheckAt, checkFailures } = facts;
  const isBackingOff = checkFailures > 0 && nextCheckAt !== null && nextCheckAt - now <= 2 * HEALTH_MS;
  if (isBackingOff) return nextCheckAt;
  // A signed destination's answer to a delivery is a report itself; a plain one's says nothing of the session.
  if (kind === 'plain' && login && (report?.at ?? 0) < login.endedAt) return now;
  return report && isDoubted(report.at, now, clock.jumpedAt) ? now : nextCheckAt;
}

function lease(delivery: Delivery, calls: readonly Call[], { worker, now }: World): Delivery {
  const isCalled = calls.some(
    (call) =>
      call.kind === 'deliver' && call.delivery.id === delivery.id && call.destination.id === delivery.destination,
  );
  return isCalled ? { ...delivery, sending: { worker, at: now } } : delivery;
}

function wakeAt(
  deliveries: readonly Delivery[],
  facts: ReadonlyMap<string, SessionFacts>,
  calls: readonly Call[],
  world: World,
): number | null {
  const waiting = deliveries.filter(({ state, sending }) => state === 'waiting' && sending === null);
  const times = [
    ...waiting.flatMap(({ nextAttemptAt, expiresAt }) => [nextAttemptAt, expiresAt]),
    ...deliveries.map(({ expiresAt }) => expiresAt),
    ...world.asks.map(({ expiresAt }) => expiresAt),
    ...world.accounts.flatMap((account) => accountTimes(account, waiting, facts, world)),
  ].filter((at) => at > world.now);
  const isPending = calls.length > 0 || world.busy.size > 0 || deliveries.some(({ state }) => state === 'waiting');
  if (isPending) times.push(world.now + LONGEST_SLEEP_MS);
  return times.length === 0 ? null : Math.min(...times);
}

/** When an account needs a look: its next check, where one can be made, and what time makes of its session. */
function accountTimes(
  account: Account,
  waiting: readonly Delivery[],
  facts: ReadonlyMap<string, SessionFacts>,
  world: World,
): number[] {
  const known = facts.get(account.id) ?? noFacts(account.id);
  const destination = world.destinations.find((one) => one.account === account.id);
  if (account.paused || !destination) return [];
  const canCheck = isCheckable(destination) && isGranted(world.granted, hostPattern(destination.url));
  const delivery = waiting.find((one) => one.account === account.id);
  const checkAt = canCheck ? checkDue(known, delivery, destination, world) : null;
  const term = termOf(account, known);
  return [...(checkAt === null ? [] : [checkAt]), ...(term ? turningPoints(ruleOf(account), term, world.now) : [])];
}
