import type { Outcome } from '../../domain/delivery/answers.ts';
import { troubled } from '../../domain/delivery/plain.ts';
import { factsOf } from '../../domain/session/facts.ts';
import { LONGEST_SLEEP_MS, type Plan, plan } from '../../domain/session/plan.ts';
import { type Called, settleCall } from '../../domain/session/settle-call.ts';
import type { Call, Check, World } from '../../domain/session/world.ts';
import { overview } from '../../domain/view/overview.ts';
import { viewRound } from '../../domain/view/round.ts';
import { sleepUntil, wakeAt } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { checkSession, deliver } from '../delivery/wire.ts';
import { openLoginBehind } from '../logins/logins.ts';
import { log } from '../store/log.ts';
import { readRound } from '../store/round.ts';
import { removeAsks, removeDeliveries, removeLogins, removeNotice, writeDelivery, writeFacts } from '../store/store.ts';
import { keepHistory } from './history.ts';
import { remind, reminderTimes } from './reminders.ts';
import { planRenewals } from './renewal.ts';
import { isUnderWay, moveRound, openTurn } from './round.ts';
import { show } from './show.ts';
import { busy, readWorld, unjudged, waits } from './world.ts';

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
  // So does a login under way: should this background die with its redirect, the next one has to say so.
  const isLoginOpen = world.logins.length > todo.endedLogins.length;
  // And a round of logins, whose next one nobody else would open.
  const known = await readRound();
  const isPending = todo.endedDeliveries.length > 0 || world.seen.length > 0 || isLoginOpen || isUnderWay(known);
  const soon = isPending ? world.now + LONGEST_SLEEP_MS : Number.POSITIVE_INFINITY;
  const first = earliest([todo.wakeAt ?? Number.POSITIVE_INFINITY, soon]);
  await Promise.all([wakeAt(first, world.now, wake), write(todo, world)]);
  for (const one of todo.endedWaits) giveUp(one);
  for (const one of todo.waits) void wait(one);
  for (const { destination } of todo.calls) busy.add(destination.id);
  const calls = todo.calls.map((call) => perform(call, factsOf(todo.facts, call).report?.understands));
  // The screens after the calls: a token should not wait for a badge, nor for what the clock has to say.
  const asks = world.asks.filter((one) => !todo.endedAsks.includes(one));
  const notices = new Map([...world.notices].filter(([account]) => !todo.endedNotices.includes(account)));
  const now = { ...world, asks, notices, facts: todo.facts, deliveries: todo.deliveries };
  const seen = overview(now, world.store, world);
  const { round, due } = known ? await moveRound(known, seen, now) : NO_ROUND;
  const view = { ...seen, round: viewRound(round, seen.accounts) };
  await show(view);
  await keepHistory(view, todo.facts);
  await remind(view);
  const [reminders, renewals] = await Promise.all([reminderTimes(view), planRenewals(view, world)]);
  calls.push(...renewals.due.map(openLoginBehind));
  if (due) calls.push(openTurn(due, pulse));
  const roundAt = isUnderWay(round) ? world.now + LONGEST_SLEEP_MS : Number.POSITIVE_INFINITY;
  const next = earliest([todo.wakeAt ?? Number.POSITIVE_INFINITY, roundAt, ...reminders, ...renewals.times]);
  await wakeAt(next, world.now, wake);
  // Only now may the alarm go: this worker's death would have left an old screen behind, a reminder unsaid, or a redirect
  // that nobody takes up.
  if (world.seen.length === 0 && unjudged.size === 0 && !isLoginOpen) await sleepUntil(next, world.now);
  return calls;
}

const NO_ROUND = { round: null, due: null };

const wake = () => void pulse();

function earliest(times: readonly number[]): number | null {
  const at = Math.min(...times);
  return Number.isFinite(at) ? at : null;
}

async function write(todo: Plan, world: World): Promise<void> {
  for (const [id, facts] of todo.facts) if (facts !== world.facts.get(id)) await writeFacts(facts);
  for (const account of todo.endedNotices) await removeNotice(account).catch(() => undefined);
  for (const delivery of todo.deliveries) if (!world.deliveries.includes(delivery)) await writeDelivery(delivery);
  // Only now: until the facts hold how a delivery ended, its entry is the only one that knows.
  if (todo.endedDeliveries.length > 0) await removeDeliveries(todo.endedDeliveries);
  if (todo.endedAsks.length > 0) await removeAsks(todo.endedAsks);
  if (todo.endedLogins.length > 0) await removeLogins(todo.endedLogins);
}

async function perform(call: Call, understands: readonly string[] = []): Promise<void> {
  try {
    const called = await outcomeOf(call, understands);
    await locked(() => record(call, called));
  } finally {
    busy.delete(call.destination.id);
  }
  await pulse();
}

/** A check that waits for a change: nobody waits for it, and one that was given up came to nothing. */
async function wait(call: Check): Promise<void> {
  const giving = new AbortController();
  const { signal } = giving;
  waits.set(call, giving);
  try {
    const called = await outcomeOf(call, [], signal);
    await locked(async () => {
      if (!signal.aborted) await record(call, called);
      waits.delete(call);
    });
  } finally {
    waits.delete(call);
  }
  if (!signal.aborted) await pulse();
}

/** At once no longer among those that wait, so that the same may be asked anew. */
function giveUp(call: Check): void {
  waits.get(call)?.abort();
  waits.delete(call);
}

/** Every call has an outcome: whatever the browser throws on its way is one of its own, and is recorded like any other. */
async function outcomeOf(call: Call, understands: readonly string[], signal?: AbortSignal): Promise<Called> {
  const { account, destination } = call;
  const sentAt = Date.now();
  try {
    return call.kind === 'deliver'
      ? await deliver(destination, call.delivery, understands)
      : await checkSession(account, destination, { wait: call.wait, signal });
  } catch {
    const at = Date.now();
    return { heard: { sentAt, at }, outcome: troubled('unforeseen', { at }) };
  }
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

/** Writes what became of a call, onto what is stored now. */
async function record(call: Call, called: Called): Promise<void> {
  const settled = settleCall(call, called, await readWorld());
  if (!settled) return;
  const { outcome, heard } = called;
  log({ ...toldOf(call, outcome), ms: heard.at - heard.sentAt });
  for (const delivery of settled.deliveries) await writeDelivery(delivery);
  await writeFacts(settled.facts);
}
