import type { Outcome } from '../../domain/delivery/answers.ts';
import { end, settle } from '../../domain/delivery/delivery.ts';
import {
  foldAnswer,
  foldCheckTrouble,
  foldDeliveryTrouble,
  isFrom,
  nextCheck,
  noFacts,
  onStatusPage,
  type SessionFacts,
} from '../../domain/session/facts.ts';
import { type Call, LONGEST_SLEEP_MS, type Plan, plan, type World } from '../../domain/session/plan.ts';
import { overview } from '../../domain/view/overview.ts';
import { sleepUntil, wakeAt } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { type Called, checkSession, deliver } from '../delivery/wire.ts';
import { openLoginBehind } from '../logins/logins.ts';
import { log } from '../store/log.ts';
import { removeAsks, removeDeliveries, removeLogins, writeDelivery, writeFacts } from '../store/store.ts';
import { keepHistory } from './history.ts';
import { remind, reminderTimes } from './reminders.ts';
import { planRenewals } from './renewal.ts';
import { show } from './show.ts';
import { busy, readWorld, unjudged } from './world.ts';

/**
 * Does all that is due now, and nothing twice: plans from the stored facts, writes the plan, then makes its calls
 * outside the lock. Every event ends in a pulse, and so does every call; a pulse with nothing due changes nothing.
 */
export async function pulse(): Promise<void> {
  await Promise.all(await locked(step));
}

/** A pulse for those who hold the lock already: writes what is due and starts its calls; gives their results, still under way. */
export async function step(): Promise<Promise<void>[]> {
  const world = await readWorld();
  const todo = plan(world);
  // The alarm with the first write: whatever kills this worker from here on, the next one is called. What ended still has
  // to be removed, so until then it counts as pending.
  // So does what was seen and is not judged: a clock that is set back takes the alarm of its writing far away.
  const isPending = todo.endedDeliveries.length > 0 || world.seen.length > 0;
  const soon = isPending ? world.now + LONGEST_SLEEP_MS : Number.POSITIVE_INFINITY;
  const first = earliest([todo.wakeAt ?? Number.POSITIVE_INFINITY, soon]);
  await Promise.all([wakeAt(first, world.now, wake), write(todo, world)]);
  for (const { destination } of todo.calls) busy.add(destination.id);
  const calls = todo.calls.map(perform);
  // The screens after the calls: a token should not wait for a badge, nor for what the clock has to say.
  const asks = world.asks.filter((one) => !todo.endedAsks.includes(one));
  const view = overview({ ...world, asks, facts: todo.facts, deliveries: todo.deliveries }, world.store, world);
  await show(view);
  await keepHistory(view, todo.facts);
  await remind(view);
  const [reminders, renewals] = await Promise.all([reminderTimes(view), planRenewals(view, world)]);
  calls.push(...renewals.due.map(openLoginBehind));
  const next = earliest([todo.wakeAt ?? Number.POSITIVE_INFINITY, ...reminders, ...renewals.times]);
  await wakeAt(next, world.now, wake);
  // Only now may the alarm go: this worker's death would have left an old screen behind, a reminder unsaid, or a redirect
  // that nobody takes up.
  if (world.seen.length === 0 && unjudged.size === 0) await sleepUntil(next, world.now);
  return calls;
}

const wake = () => void pulse();

function earliest(times: readonly number[]): number | null {
  const at = Math.min(...times);
  return Number.isFinite(at) ? at : null;
}

async function write(todo: Plan, world: World): Promise<void> {
  for (const [id, facts] of todo.facts) if (facts !== world.facts.get(id)) await writeFacts(facts);
  for (const delivery of todo.deliveries) if (!world.deliveries.includes(delivery)) await writeDelivery(delivery);
  // Only now: until the facts hold how a delivery ended, its entry is the only one that knows.
  if (todo.endedDeliveries.length > 0) await removeDeliveries(todo.endedDeliveries);
  if (todo.endedAsks.length > 0) await removeAsks(todo.endedAsks);
  if (todo.endedLogins.length > 0) await removeLogins(todo.endedLogins);
}

async function perform(call: Call): Promise<void> {
  const { account, destination } = call;
  try {
    const called =
      call.kind === 'deliver' ? await deliver(destination, call.delivery) : await checkSession(account, destination);
    await locked(() => record(call, called));
  } finally {
    busy.delete(destination.id);
  }
  await pulse();
}

function toldOf(call: Call, outcome: Outcome) {
  const told = { account: call.account.id, destination: call.destination.id, ...answerOf(outcome) };
  if (call.kind === 'check') return { event: 'check' as const, ...told };
  const { id: delivery, kind, body } = call.delivery;
  const bytes = new TextEncoder().encode(body ?? '').length;
  return { event: 'delivery' as const, ...told, delivery, kind, bytes };
}

function answerOf(outcome: Outcome) {
  if (outcome.kind === 'trouble') return { outcome: outcome.trouble.code, status: outcome.trouble.status };
  return { outcome: outcome.kind === 'reported' ? ('proven' as const) : outcome.kind };
}

/** Writes what became of a call, onto what is stored now: settings may have changed while it was out. */
async function record(call: Call, { outcome, sentAt }: Called): Promise<void> {
  const { now, ...world } = await readWorld();
  const isStillOurs = world.destinations.some(
    ({ id, savedAt }) => id === call.destination.id && savedAt === call.destination.savedAt,
  );
  if (!isStillOurs) return;
  log({ ...toldOf(call, outcome), ms: now - sentAt });
  let facts: SessionFacts = world.facts.get(call.account.id) ?? noFacts(call.account.id);
  const delivery =
    call.kind === 'deliver' &&
    world.deliveries.find((one) => one.id === call.delivery.id && one.destination === call.destination.id);
  if (delivery) await writeDelivery(settle(delivery, outcome, call.destination.kind === 'signed', now));
  if (outcome.kind === 'trouble') {
    const { trouble, retryAfterMs } = outcome;
    facts =
      call.kind === 'check' ? foldCheckTrouble(facts, trouble, retryAfterMs, now) : foldDeliveryTrouble(facts, trouble);
  }
  if (outcome.kind === 'applied' || outcome.kind === 'reported') {
    facts = foldAnswer(facts, outcome.answer, sentAt, now);
    if (call.destination.kind === 'plain') facts = onStatusPage(facts);
    // A check that was asked for while this one was out still has to be made: this answer may be from before its cause.
    const askedAt = facts.nextCheckAt ?? 0;
    const isAskedAgain = call.kind === 'check' && askedAt > sentAt && askedAt <= now;
    facts = { ...facts, nextCheckAt: isAskedAgain ? askedAt : nextCheck(facts, now, world.clock.preferences) };
    // A report that names a delivery whose answer was lost is its acknowledgement.
    for (const lost of world.deliveries) {
      const isOpen = lost.state !== 'ended' && lost.destination === call.destination.id && outcome.kind === 'reported';
      const { session, skewMs } = facts.report ?? { session: null, skewMs: 0 };
      if (isOpen && session && isFrom(session, skewMs, { ...lost, delivery: lost.id }))
        await writeDelivery(end(lost, 'applied', null, now));
    }
  }
  await writeFacts(facts);
}
