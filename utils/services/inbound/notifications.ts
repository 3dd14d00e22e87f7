import { clearNotification } from '../../platform/toolbar/notifications.ts';
import { openReminder } from '../../platform/toolbar/tabs.ts';
import { pulse } from '../pulse/pulse.ts';
import { muteReminder, snoozeReminder } from '../pulse/reminders.ts';
import { readReminders } from '../store/clock-store.ts';
import { logIn } from '../verbs/log-in.ts';

/** A click on a notification: it logs in; in Firefox, which shows no buttons, it opens the page that has them. */
export async function pressNotification(account: string): Promise<void> {
  const kind = (await readReminders(account)).shown.at(-1)?.kind;
  await clearNotification(account);
  if (kind === 'green') return;
  // Another login does not bring the broker's data back: there the page says what there is to know.
  if (import.meta.env.FIREFOX || kind === 'fallback') return openReminder(account);
  await logIn(account);
}

/** The first button snoozes, the second is for the rest of the day. */
export async function pressNotificationButton(account: string, index: number): Promise<void> {
  await (index === 0 ? snoozeReminder(account) : muteReminder(account));
  await pulse();
}
