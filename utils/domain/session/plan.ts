import { SECOND } from '../../shared/time.ts';
import { factsIdOf, ownRoute, type Route, routesOf } from '../accounts/destinations.ts';
import { isOpenAlgo } from '../accounts/known-systems.ts';
import { type Destination, isCheckable } from '../accounts/settings.ts';
import { type Ask, isLoginAlive, type Login } from '../capture/capture.ts';
import { stuckTime } from '../capture/stuck.ts';
import { type Delivery, end, fail } from '../delivery/delivery.ts';
import { checkDue, checkOf, isAllowed, waitFor } from './checks.ts';
import { factsOf, foldDelivery, foldLost, PROOF_LIFETIME_MS, type SessionFacts } from './facts.ts';
import { HEALTH_MS } from './health.ts';
import { ruleOf, termOf, turningPoints } from './term.ts';
import type { Call, Check, World } from './world.ts';

/** What a pulse has to write before it calls anyone, whom to call, and when to be woken again. */
export interface Plan {
  deliveries: Delivery[];
  facts: Map<string, SessionFacts>;
  /** To remove: ended deliveries that the facts now hold, notices that a login outlived, asks and logins whose time is over. */
  endedDeliveries: Delivery[];
  endedNotices: string[];
  endedAsks: Ask[];
  endedLogins: Login[];
  calls: Call[];
  /** Checks to begin that wait for a change, and those to give up, since they would not be made now. */
  waits: Check[];
  endedWaits: Check[];
  wakeAt: number | null;
}

// A killed worker wakes no later than this, and no alarm may be nearer in a store install.
export const LONGEST_SLEEP_MS = 30 * SECOND;

/** The whole of the outbox's judgement: pure, so the same facts at the same moment always give the same plan. */
export function plan(world: World): Plan {
  const tidied = supersede(
    world.deliveries.map((delivery) => tidy(delivery, world)),
    world,
  );
  const { facts, endedNotices } = fold(tidied, world);
  const open = tidied.filter(({ state }) => state !== 'ended');
  const wanted = callsFor(open, facts, world);
  const calls = wanted.filter((call) => !isWaiting(call));
  const waiting = wanted.filter(isWaiting).filter((call) => !calls.some((other) => isInTheWay(call, other)));
  const deliveries = open.map((delivery) => lease(delivery, calls, world));
  return {
    deliveries,
    facts,
    calls,
    waits: waiting.filter((call) => !world.waits.some((other) => isSame(call, other))),
    endedWaits: world.waits.filter((call) => !waiting.some((other) => isSame(call, other))),
    endedDeliveries: tidied.filter(({ state }) => state === 'ended'),
    endedNotices,
    endedAsks: world.asks.filter(({ expiresAt }) => expiresAt <= world.now),
    endedLogins: world.logins.filter((login) => !isLoginAlive(login, world.now)),
    wakeAt: wakeAt(deliveries, facts, wanted, world),
  };
}

/** What is known after all that ended: in the facts of its destination. */
function fold(deliveries: readonly Delivery[], world: World): Pick<Plan, 'facts' | 'endedNotices'> {
  const facts = new Map(routesOf(world).map((route) => [factsIdOf(route), factsOf(world.facts, route)]));
  const own = new Map(world.accounts.map((account) => [account.id, factsIdOf(ownRoute(world, account))]));
  const endedNotices: string[] = [];
  for (const delivery of deliveries.filter(({ state }) => state === 'ended')) {
    const { account, destination } = delivery;
    // Of a destination that is gone its account tells, unless its own login of that moment has a way of its own.
    const id = facts.has(destination) ? destination : own.get(account);
    const known = id === undefined ? undefined : facts.get(id);
    const isOfFurther = id !== destination && [known?.login, known?.pending].some((one) => isTwin(one, delivery));
    if (id === undefined || known === undefined || isOfFurther) continue;
    const told = foldDelivery(known, delivery);
    facts.set(id, told);
    if (told.login !== known.login && id === own.get(account) && world.notices.has(account)) endedNotices.push(account);
  }
  for (const [id, known] of facts) {
    const { pending } = known;
    const isHere = deliveries.some((one) => one.destination === id && one.id === pending?.delivery);
    if (pending && !isHere) facts.set(id, foldLost(known, world.now));
  }
  return { facts, endedNotices };
}

/** Whether a login came with the same token as this delivery, on its way to another destination. */
function isTwin(login: { delivery: string; capturedAt: number } | null | undefined, other: Delivery): boolean {
  return login?.capturedAt === other.capturedAt && login.delivery !== other.id;
}

const isWaiting = (call: Call): call is Check => call.kind === 'check' && call.wait !== undefined;

/** A browser has six connections to a host over HTTP/1.1: a token waits for none that only waits. */
function isInTheWay(waiting: Check, call: Call): boolean {
  return call.kind === 'deliver' && new URL(call.destination.url).origin === new URL(waiting.destination.url).origin;
}

/** Whether two waiting checks ask the same: a wait goes on as long as it would be begun anew. */
function isSame(one: Check, other: Check): boolean {
  const askedOf = ({ account, destination, dueAt, wait }: Check) =>
    JSON.stringify([account.name, destination.id, destination.savedAt, dueAt, wait]);
  return askedOf(one) === askedOf(other);
}

/** One delivery by itself: what time, a dead worker or a changed setting makes of it. */
function tidy(delivery: Delivery, world: World): Delivery {
  const { now, worker, busy, destinations } = world;
  if (delivery.state === 'ended') return delivery;
  const destination = destinations.find(({ id }) => id === delivery.destination);
  if (delivery.state === 'observed') return tidyObserved(delivery, destination, now);
  if (!destination) return fail(delivery, 'destination_changed', now);
  if (delivery.sending?.worker === worker && busy.has(delivery.destination)) return delivery;
  const orphaned = delivery.sending !== null;
  if (orphaned && destination.kind === 'plain' && delivery.kind === 'one-time')
    return fail(delivery, 'outcome_unknown', now);
  if (delivery.expiresAt <= now) return expire(delivery, world);
  return orphaned ? { ...delivery, sending: null, nextAttemptAt: now } : delivery;
}

/** An observed login ends by a report, by its callback's answer where nobody reports, or with its token's lifetime. */
function tidyObserved(delivery: Delivery, destination: Destination | undefined, now: number): Delivery {
  const isAnswered = delivery.callback?.answered === true;
  const says = delivery.callback?.says;
  if (says !== undefined) return fail(delivery, says === 'failed' ? 'callback_failed' : 'app_login_first', now);
  if (isAnswered && destination?.kind !== 'signed') return end(delivery, 'accepted', null, now);
  if (delivery.expiresAt > now) return delivery;
  return fail(delivery, isAnswered ? 'callback_failed' : 'callback_silent', now);
}

/** A token whose lifetime ended: what kept it from arriving stays known. */
function expire(delivery: Delivery, { now, facts }: World): Delivery {
  const cause = delivery.trouble ?? facts.get(delivery.destination)?.checkTrouble ?? null;
  return cause ? end(delivery, 'failed', cause, now) : fail(delivery, 'expired', now);
}

/** A newer capture ends the older ones of its destination, but none whose answer is still awaited (CAP-12). */
function supersede(deliveries: Delivery[], { now }: World): Delivery[] {
  const isOlder = (one: Delivery) =>
    deliveries.some((other) => other.destination === one.destination && other.capturedAt > one.capturedAt);
  return deliveries.map((one) =>
    one.state !== 'ended' && one.sending === null && isOlder(one) ? fail(one, 'replaced', now) : one,
  );
}

/** Where a health check wakes us, every session heard of this long ago goes along: of two, one always has been. */
const ALONG_MS = HEALTH_MS / 2;

/** All that is due, and with a health check every other that would wake us soon: one waking serves all accounts. */
function callsFor(open: readonly Delivery[], facts: ReadonlyMap<string, SessionFacts>, world: World): Call[] {
  const callsHeardBy = (heardBy: number) =>
    routesOf(world).flatMap((route) => callFor(route, open, facts, world, heardBy));
  const due = callsHeardBy(Number.NEGATIVE_INFINITY);
  return due.some(({ kind }) => kind === 'check') ? callsHeardBy(world.now - ALONG_MS) : due;
}

function callFor(
  route: Route,
  open: readonly Delivery[],
  facts: ReadonlyMap<string, SessionFacts>,
  world: World,
  heardBy: number,
): Call[] {
  const { account, destination } = route;
  if (account.paused || !destination || world.busy.has(destination.id)) return [];
  const known = factsOf(facts, route);
  if (!isAllowed(destination, world)) return [];
  const isSending = account.mode !== 'observe' && !isOpenAlgo(destination);
  const delivery = open.find((one) => isSending && one.destination === destination.id && one.state === 'waiting');
  const isProven =
    destination.kind === 'plain' ||
    (known.provenAt !== null && Math.abs(world.now - known.provenAt) <= PROOF_LIFETIME_MS);
  if (delivery && isProven)
    return isDue(delivery, world.now) ? [{ kind: 'deliver', account, destination, delivery }] : [];
  const observed = open.find((one) => one.destination === destination.id && one.state === 'observed');
  const awaited = delivery ?? observed;
  const checkAt = checkDue(known, awaited, destination, world);
  if (!isCheckable(destination) || checkAt === null) return [];
  const isAtRest = awaited === undefined && known.report !== null && checkAt - known.report.at >= HEALTH_MS;
  // A look at an OpenAlgo costs calls at the broker, so it waits for its own time.
  const goesAlong = isAtRest && !isOpenAlgo(destination) && (known.report?.at ?? 0) <= heardBy;
  const isCalled = checkAt <= world.now || goesAlong;
  const wait = waitFor(known, awaited, world);
  return isCalled ? [{ kind: 'check', account, destination, dueAt: known.nextCheckAt, wait }] : [];
}

/** Whether it is time to send; what was said at a time that has not come yet, by a clock that was set back since, no longer counts. */
function isDue({ nextAttemptAt, trouble, capturedAt }: Delivery, now: number): boolean {
  return nextAttemptAt <= now || (trouble?.at ?? capturedAt) > now;
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
  const pending = [...waiting, ...deliveries.filter(({ state }) => state === 'observed')];
  const times = [
    ...waiting.flatMap(({ nextAttemptAt, expiresAt }) => [nextAttemptAt, expiresAt]),
    ...deliveries.map(({ expiresAt }) => expiresAt),
    ...world.asks.map(({ expiresAt }) => expiresAt),
    ...world.logins.flatMap(stuckTime),
    ...routesOf(world).flatMap((route) => timesOf(route, pending, facts, world)),
  ].filter((at) => at > world.now);
  const isPending =
    calls.length > 0 ||
    world.busy.size > 0 ||
    world.waits.length > 0 ||
    deliveries.some(({ state }) => state === 'waiting' || state === 'observed');
  if (isPending) times.push(world.now + LONGEST_SLEEP_MS);
  return times.length === 0 ? null : Math.min(...times);
}

/** When a route needs a look: its next check, where one can be made, and what time makes of its session. */
function timesOf(
  route: Route,
  pending: readonly Delivery[],
  facts: ReadonlyMap<string, SessionFacts>,
  world: World,
): number[] {
  const { account } = route;
  if (account.paused) return [];
  const known = factsOf(facts, route);
  const checkAt = checkOf(route, known, pending, world);
  const term = termOf(account, known);
  return [...(checkAt === null ? [] : [checkAt]), ...(term ? turningPoints(ruleOf(account), term, world.now) : [])];
}
