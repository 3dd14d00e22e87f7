import { say } from '../../domain/base/words.ts';
import { dueReminder, nextReminderAt, type Reminder, type ReminderRecord } from '../../domain/reminders/reminder.ts';
import { didShow, muteToday, notShown, snooze, willShow } from '../../domain/reminders/shown-reminders.ts';
import type { Overview } from '../../domain/view/overview.ts';
import { locked } from '../../platform/storage/lock.ts';
import { clearNotification, notificationsShown, showNotification } from '../../platform/toolbar/notifications.ts';
import { readReminders, writeReminders } from '../store/clock-store.ts';
import { log } from '../store/log.ts';

/** What a notification's two buttons say; Firefox has them on the page that the click opens. */
const buttons = () => [say('reminder_snooze'), say('reminder_not_today')];

/** When reminders may become due by time alone, epoch ms. */
export async function reminderTimes({ accounts, preferences, canNotify, at: now }: Overview): Promise<number[]> {
  if (!preferences.notify || !canNotify) return [];
  return Promise.all(
    accounts.map(async (account) =>
      nextReminderAt(account, await readReminders(account.settings.id), preferences, now),
    ),
  );
}

/** Shows what is due and was never shown; under the lock. One notification an account: a newer one takes its place. */
export async function remind({ accounts, preferences, canNotify, at: now }: Overview): Promise<void> {
  if (!preferences.notify || !canNotify) return;
  for (const account of accounts) {
    const record = await settleLeftover(await readReminders(account.settings.id));
    const due = dueReminder(account, record, preferences, now);
    if (due) await show(record, due, now);
  }
}

/** An earlier life that died while it showed something: the browser knows whether it came to it. */
async function settleLeftover(record: ReminderRecord): Promise<ReminderRecord> {
  if (record.showing === null) return record;
  const settled = (await notificationsShown()).has(record.account) ? didShow(record) : notShown(record);
  await writeReminders(settled);
  return settled;
}

async function show(record: ReminderRecord, due: Reminder, now: number): Promise<void> {
  const begun = willShow(record, due, now);
  await writeReminders(begun);
  const isShown = await showNotification(due.account, { ...due, buttons: due.kind === 'green' ? [] : buttons() }).then(
    () => true,
    () => false,
  );
  await writeReminders(isShown ? didShow(begun) : notShown(begun));
  log({ event: 'reminder', account: due.account, kind: due.kind, shown: isShown });
}

/** *Snooze 10 min*. */
export function snoozeReminder(account: string): Promise<void> {
  return answer(account, 'snoozed', (record) => snooze(record, Date.now()));
}

/** *Not today*. */
export function muteReminder(account: string): Promise<void> {
  return answer(account, 'not-today', (record) => muteToday(record, Date.now()));
}

async function answer(
  account: string,
  how: 'snoozed' | 'not-today',
  change: (record: ReminderRecord) => ReminderRecord,
): Promise<void> {
  await locked(async () => writeReminders(change(await readReminders(account))));
  log({ event: 'silenced', account, how });
  await clearNotification(account);
}
