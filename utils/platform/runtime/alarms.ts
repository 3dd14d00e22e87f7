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

async function nextRing(): Promise<number | null> {
  if (next !== undefined) return next;
  const found = await browser.alarms.get(NAME);
  next ??= found?.scheduledTime ?? null;
  return next;
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

async function setAlarm(when: number): Promise<void> {
  next = undefined;
  await browser.alarms.create(NAME, { when, periodInMinutes: REPEAT_MINUTES });
  next = when;
}

async function clearAlarm(): Promise<void> {
  if (next === null) return;
  next = undefined;
  await browser.alarms.clear(NAME);
  next = null;
}

export function onAlarm(listener: () => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name !== NAME) return;
    next = undefined;
    listener();
  });
}
