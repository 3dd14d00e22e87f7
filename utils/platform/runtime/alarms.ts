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
 * Sees to it that we wake no later than `at` (epoch ms): by a timer while this worker lives, and by an alarm in case it
 * does not. An alarm that rings earlier is left alone, null asks for none.
 */
export async function wakeAt(at: number | null, now: number, wake: () => void): Promise<void> {
  clearTimeout(timer);
  if (at === null) return;
  if (at - now <= LONGEST_TIMER_MS) timer = setTimeout(wake, Math.max(at - now, 0));
  const due = Math.max(at, now + NEAREST_MS);
  const known = await browser.alarms.get(NAME);
  // An alarm that is set anew on every start would never fire.
  if (known && known.scheduledTime > now && known.scheduledTime <= due) return;
  await setAlarm(due);
}

/** Lets us sleep until `at`, or for good: an alarm that is too early would ring on in vain. */
export async function sleepUntil(at: number | null, now: number): Promise<void> {
  if (at === null) {
    await browser.alarms.clear(NAME);
    return;
  }
  const known = await browser.alarms.get(NAME);
  if (known && at - Math.max(known.scheduledTime, now) > NEAREST_MS) await setAlarm(at);
}

/** Wakes us as soon as an alarm can, whatever else was due: set before anything is written that somebody has to take up. */
export function wakeSoon(now: number): Promise<void> {
  return setAlarm(now + NEAREST_MS);
}

async function setAlarm(when: number): Promise<void> {
  await browser.alarms.create(NAME, { when, periodInMinutes: REPEAT_MINUTES });
}

export function onAlarm(listener: () => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === NAME) listener();
  });
}
