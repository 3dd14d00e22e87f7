import { SECOND } from '../domain/time.ts';
import { browser } from './browser.ts';

const NAME = 'pulse';
// Store installs round anything nearer up to 30 s.
const NEAREST_MS = 30 * SECOND;
// A worker that waits longer than this may be stopped meanwhile, so only an alarm can be relied on.
const LONGEST_TIMER_MS = 25 * SECOND;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Wakes us at `at` (epoch ms), or never for null: by a timer while this worker lives, and by an alarm in case it does not. */
export async function wakeAt(at: number | null, now: number, wake: () => void): Promise<void> {
  clearTimeout(timer);
  if (at === null) {
    await browser.alarms.clear(NAME);
    return;
  }
  if (at - now <= LONGEST_TIMER_MS) timer = setTimeout(wake, Math.max(at - now, 0));
  const due = Math.max(at, now + NEAREST_MS);
  const known = await browser.alarms.get(NAME);
  // An alarm that is set anew on every start would never fire: an equal one stays, and so does one that comes before the
  // nearest there can be. Any other earlier one would wake us for nothing.
  const isEqual = known && Math.abs(known.scheduledTime - due) < SECOND;
  const isSooner = known && known.scheduledTime > now && known.scheduledTime <= due && due - now <= NEAREST_MS;
  if (isEqual || isSooner) return;
  browser.alarms.create(NAME, { when: due });
}

export function onAlarm(listener: () => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === NAME) listener();
  });
}
