import { say } from '../../domain/base/words.ts';
import { dueReminder, nextReminderAt, type Reminder, type ReminderLedger } from '../../domain/reminders/reminder.ts';
import { didShow, muteToday, notShown, snooze, willShow } from '../../domain/reminders/shown-reminders.ts';
import type { Overview } from '../../domain/view/overview.ts';
import { locked } from '../../platform/storage/lock.ts';
import { clearNotice, noticesShown, showNotice } from '../../platform/toolbar/notify.ts';
import { readLedger, writeLedger } from '../store/clock-store.ts';
import { log } from '../store/log.ts';

/** What a notification's two buttons say; Firefox has them on the page that the click opens. */
const buttons = () => [say('reminder_snooze'), say('reminder_not_today')];

/** When reminders may become due by time alone, epoch ms. */
export async function reminderTimes({ accounts, preferences, canNotify, at: now }: Overview): Promise<number[]> {
  if (!preferences.notify || !canNotify) return [];
  return Promise.all(
    accounts.map(async (account) => nextReminderAt(account, await readLedger(account.settings.id), preferences, now)),
  );
}

/** Shows what is due and was never shown; under the lock. One notification an account: a newer one takes its place. */
export async function remind({ accounts, preferences, canNotify, at: now }: Overview): Promise<void> {
  if (!preferences.notify || !canNotify) return;
  for (const account of accounts) {
    const ledger = await settleLeftover(await readLedger(account.settings.id));
    const due = dueReminder(account, ledger, preferences, now);
    if (due) await show(ledger, due, now);
  }
}

/** An earlier life that died while it showed something: the browser knows whether it came to it. */
async function settleLeftover(ledger: ReminderLedger): Promise<ReminderLedger> {
  if (ledger.showing === null) return ledger;
  const settled = (await noticesShown()).has(ledger.account) ? didShow(ledger) : notShown(ledger);
  await writeLedger(settled);
  return settled;
}

async function show(ledger: ReminderLedger, due: Reminder, now: number): Promise<void> {
  const begun = willShow(ledger, due, now);
  await writeLedger(begun);
  const isShown = await showNotice(due.account, { ...due, buttons: due.kind === 'green' ? [] : buttons() }).then(
    () => true,
    () => false,
  );
  await writeLedger(isShown ? didShow(begun) : notShown(begun));
  log({ event: 'reminder', account: due.account, kind: due.kind, shown: isShown });
}

/** *Snooze 10 min*. */
export function snoozeReminder(account: string): Promise<void> {
  return answer(account, 'snoozed', (ledger) => snooze(ledger, Date.now()));
}

/** *Not today*. */
export function muteReminder(account: string): Promise<void> {
  return answer(account, 'not-today', (ledger) => muteToday(ledger, Date.now()));
}

async function answer(
  account: string,
  how: 'snoozed' | 'not-today',
  change: (ledger: ReminderLedger) => ReminderLedger,
): Promise<void> {
  await locked(async () => writeLedger(change(await readLedger(account))));
  log({ event: 'silenced', account, how });
  await clearNotice(account);
}
