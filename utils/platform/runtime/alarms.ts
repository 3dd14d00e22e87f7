import { SECOND } from '../../shared/time.ts';
import { browser } from '../browser.ts';

const NAME = 'pulse';
// Store installs round anything nearer up to 30 s.
const NEAREST_MS = 30 * SECOND;
// Until it is cleared: the worker that it wakes may be killed as well, before it could set the next one.
const REPEAT_MINUTES = 0.5;
// A worker that waits longer than this may be stopped meanwhile, so only an alarm can be relied on.
const LONGEST_TIMER_MS = 25 * SECOND;

let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * When the alarm rings next (epoch ms), null where there is none: nobody else sets it, and a redirect should not wait for
 * what this life knows. Undefined until it was looked at, while it is being changed, and when it has rung.
 */
let next: number | null | undefined;
let changes = 0;

async function nextRing(): Promise<number | null> {
  if (next !== undefined) return next;
  const before = changes;
  const found = (await browser.alarms.get(NAME))?.scheduledTime ?? null;
  // Of an alarm that was changed meanwhile nothing is known.
  if (before !== changes) return null;
  next = found;
  return found;
}

/** Of changes that are under way together, the last one counts. */
async function change(work: () => Promise<unknown>, rings: number | null): Promise<void> {
  next = undefined;
  changes += 1;
  const mine = changes;
  await work();
  if (mine === changes) next = rings;
}

/**
 * Sees to it that we wake no later than `at` (epoch ms): by a timer while this worker lives, and by an alarm in case it
 * does not. An alarm that rings earlier is left alone, null asks for none.
 */
export async function wakeAt(at: number | null, now: number, wake: () => void): Promise<void> {
  clearTimeout(timer);
  if (at === null) return;
  if (at - now <= LONGEST_TIMER_MS) timer = setTimeout(wake, Math.max(at - now, 0));
  const due = Math.max(at, now + NEAREST_MS);
  // An alarm that is set anew on every start would never fire.
  if (!isWithin(await nextRing(), now, due)) await setAlarm(due);
}

/** Lets us sleep until `at`, or for good: an alarm that is too early would ring on in vain. */
export async function sleepUntil(at: number | null, now: number): Promise<void> {
  if (at === null) return clearAlarm();
  const rings = await nextRing();
  if (rings !== null && at - Math.max(rings, now) > NEAREST_MS) await setAlarm(at);
}

/** Wakes us as soon as an alarm can, whatever else was due: set before anything is written that somebody has to take up. */
export async function wakeSoon(now: number): Promise<void> {
  const due = now + NEAREST_MS;
  if (!isWithin(next, now, due)) await setAlarm(due);
}

/** Whether the alarm rings by itself between now and then. */
function isWithin(rings: number | null | undefined, now: number, due: number): boolean {
  return typeof rings === 'number' && rings > now && rings <= due;
}

function setAlarm(when: number): Promise<void> {
  return change(() => browser.alarms.create(NAME, { when, periodInMinutes: REPEAT_MINUTES }), when);
}

async function clearAlarm(): Promise<void> {
  if (next !== null) await change(() => browser.alarms.clear(NAME), null);
}

export function onAlarm(listener: () => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name !== NAME) return;
    changes += 1;
    next = undefined;
    listener();
  });
}
