import type { SessionCheck } from '../../shared/contract.ts';
import { SECOND } from '../../shared/time.ts';
import { hostPattern } from '../../shared/urls.ts';
import { type Route, routesOf } from '../accounts/destinations.ts';
import { isGranted, mayHandOn, needsCookies } from '../accounts/hosts.ts';
import { COOKIES } from '../accounts/permission-names.ts';
import { type Destination, isCheckable } from '../accounts/settings.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { factsOf, type SessionFacts, waitOf } from './facts.ts';
import { HEALTH_MS, isDoubted } from './health.ts';
import { waitAfter, waitAgainAt } from './wait.ts';
import type { World } from './world.ts';

// Half a minute would be a quarter of a one-time token's life.
const PROOF_RETRY_MS = 8 * SECOND;

/** A token that waits for the proof waits for nothing else. */
export function waitFor(
  known: SessionFacts,
  awaited: Delivery | undefined,
  { now, clock }: World,
): SessionCheck['wait'] {
  if (awaited === undefined) return waitOf(known, now, clock.preferences);
  return awaited.state === 'observed' ? observedWait(known, now) : undefined;
}

function observedWait({ report, checkTrouble }: SessionFacts, now: number): SessionCheck['wait'] {
  return report && !checkTrouble ? waitAfter(report, now) : undefined;
}

export function isAllowed(destination: Destination, { granted }: World): boolean {
  if (needsCookies(destination) && !isGranted(granted, COOKIES)) return false;
  return isGranted(granted, hostPattern(destination.url)) && mayHandOn(granted);
}

/** When to ask a destination for its proof: a token that waits for it does not wait out the backoff of minutes. */
export function checkDue(
  known: SessionFacts,
  awaited: Delivery | undefined,
  destination: Destination,
  world: World,
): number | null {
  const { nextCheckAt, checkTrouble, report } = known;
  // The clock was set back since the last word of the destination: how old that is cannot be known any more.
  if (((checkTrouble ?? report)?.at ?? 0) > world.now) return world.now;
  if (!awaited || destination.kind === 'plain') return healthDueAt(known, destination, world);
  if (awaited.state === 'observed') return observedCheckDue(awaited, known, world.now);
  if (nextCheckAt === null || checkTrouble === null) return world.now;
  return isToldToWait(checkTrouble) ? nextCheckAt : Math.min(nextCheckAt, checkTrouble.at + PROOF_RETRY_MS);
}

/** Due at its stored time; at once when what was last heard is in doubt, unless it failed since and waits for its next try. */
function healthDueAt(facts: SessionFacts, { kind }: Destination, { now, clock }: World): number | null {
  const { report, login, nextCheckAt, checkTrouble } = facts;
  const isBackingOff = checkTrouble !== null && nextCheckAt !== null && nextCheckAt - now <= 2 * HEALTH_MS;
  if (isBackingOff) return nextCheckAt;
  // A signed destination's answer to a delivery is a report itself; a plain one's says nothing of the session. A login
  // from the future saw the clock set back since: no report can be newer.
  // And a page that was asked before it may have answered of the time before it.
  const isNews = login !== null && login.endedAt <= now && (report?.sentAt ?? report?.at ?? 0) < login.endedAt;
  if (kind === 'plain' && isNews) return now;
  return report && isDoubted(report, now, clock.jumpedAt) ? now : nextCheckAt;
}

// The callback takes a moment; then its session is looked for quickly, and at last as often as a token's life allows.
const OBSERVED_CHECKS_MS = [0.5, 1, 2, 4, 8, 16].map((seconds) => seconds * SECOND);
const OBSERVED_CHECK_MS = 15 * SECOND;

function observedCheckDue({ capturedAt }: Delivery, known: SessionFacts, now: number): number {
  const { report, checkTrouble, nextCheckAt } = known;
  if (report && observedWait(known, now)) return waitAgainAt(report, capturedAt, report.at, OBSERVED_CHECK_MS);
  const last = Math.max(report?.at ?? 0, checkTrouble?.at ?? 0);
  const next = OBSERVED_CHECKS_MS.map((ms) => capturedAt + ms).find((at) => at > last) ?? last + OBSERVED_CHECK_MS;
  return isToldToWait(checkTrouble) ? Math.max(nextCheckAt ?? 0, next) : next;
}

function isToldToWait(trouble: SessionFacts['checkTrouble']): boolean {
  return trouble?.status === 429 || trouble?.status === 503;
}

/** When the destination of a route is asked how it is, epoch ms; null where it cannot be asked. */
export function checkOf(
  { destination }: Route,
  known: SessionFacts,
  pending: readonly Delivery[],
  world: World,
): number | null {
  if (!destination || !isCheckable(destination) || !isAllowed(destination, world)) return null;
  const awaited = pending.find((one) => one.destination === destination.id);
  return checkDue(known, awaited, destination, world);
}

/** When the next destination is asked how it is, epoch ms; null where none can be asked. */
export function nextCheckAt(world: World): number | null {
  const pending = world.deliveries.filter(({ state }) => state === 'waiting' || state === 'observed');
  const times = routesOf(world)
    .filter(({ account }) => !account.paused)
    .map((route) => checkOf(route, factsOf(world.facts, route), pending, world))
    .filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}
