import type { Preferences } from '../../domain/accounts/preferences.ts';
import { isCheckable } from '../../domain/accounts/settings.ts';
import { type Checked, check } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import type { Dashboard } from '../../domain/dashboards/dashboard.ts';
import type { Delivery } from '../../domain/delivery/delivery.ts';
import { Command, type CommandOf, type Reply } from '../../domain/hold/messages.ts';
import { canRedeliver, deliveryLog } from '../../domain/records/delivery-log.ts';
import type { LogEvent } from '../../domain/records/log.ts';
import { noFacts } from '../../domain/session/facts.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { openTab } from '../../platform/toolbar/tabs.ts';
import { SECOND } from '../../shared/time.ts';
import { answerAsk, takePaste } from '../capture/intake.ts';
import { testDestination } from '../delivery/test-destination.ts';
import { redirectSealed } from '../logins/login-tabs.ts';
import { openLogin } from '../logins/logins.ts';
import { sealedPageShown } from '../logins/sealed-page.ts';
import { readHistories } from '../pulse/history.ts';
import { pulse } from '../pulse/pulse.ts';
import { muteReminder, snoozeReminder } from '../pulse/reminders.ts';
import {
  addCopy,
  changeAccount,
  dropDamaged,
  forget,
  pair,
  saveAccount,
  saveDestination,
} from '../settings/accounts.ts';
import { removeDashboard, saveDashboard } from '../settings/dashboards.ts';
import { diagnose } from '../settings/diagnose.ts';
import { forgetEverything } from '../settings/forget-everything.ts';
import { exportSettings, importSettings, previewImport } from '../settings/settings-file.ts';
import { watch } from '../settings/watch.ts';
import { writePreferences } from '../store/clock-store.ts';
import { log, readLog } from '../store/log.ts';
import { rememberAccounts } from '../store/sentinel.ts';
import { readAll, writeDelivery, writeFacts } from '../store/store.ts';

type Handlers = { [T in Command['type']]: (command: CommandOf<T>, tab: number | null) => Promise<Reply> };

/** What our own pages may ask for. */
const handlers: Handlers = {
  refresh: () => checkSoon(),
  'captured-shown': async (_, tab) => {
    sealedPageShown(tab);
    await redirectSealed(tab);
    return { ok: true };
  },
  'log-in': ({ account }) => logIn(account),
  paste: async ({ account, text }) => reply(await takePaste(account, text), 'ask'),
  accept: async ({ ask }) => {
    const isDone = await answerAsk(ask, true);
    // A yes may have changed the redirect URL.
    if (isDone) await watch();
    return answered(isDone);
  },
  discard: async ({ ask }) => answered(await answerAsk(ask, false)),
  retry: ({ account }) => retry(account),
  redeliver: ({ delivery, destination }) => redeliver(delivery, destination),
  deliveries: () => deliveries(),
  reopen: ({ account }) => reopen(account),
  test: ({ account }) => test(account),
  pair: async ({ text }) => changed(await pair(text), 'paired'),
  'save-account': async ({ id, form }) => changed(await saveAccount(id, form), 'account'),
  'save-destination': async ({ account, form }) => changed(await saveDestination(account, form), 'destination'),
  'add-copy': async ({ account, form }) => changed(await addCopy(account, form), 'destination'),
  'confirm-user': async ({ account, user }) =>
    changed(await changeAccount(account, { confirmedUser: user }), 'account'),
  pause: async ({ account, paused }) => changed(await changeAccount(account, { paused }), 'paused'),
  forget: async ({ account }) => forgotten(await forget(account)),
  'save-preferences': ({ preferences }) => savePreferences(preferences),
  'set-clock': async ({ account, clock }) => changed(await changeAccount(account, { clock }), 'clock'),
  snooze: async ({ account }) => done(snoozeReminder(account)),
  'mute-today': async ({ account }) => done(muteReminder(account)),
  history: async () => ({ ok: true, histories: await readHistories((await readAll()).accounts.map(({ id }) => id)) }),
  'save-dashboard': async ({ id, form }) => switched(await saveDashboard(id, form), id === null ? 'on' : 'changed'),
  'remove-dashboard': async ({ id }) => switched(await removeDashboard(id), 'off'),
  diagnose: async () => ({ ok: true, text: await diagnose() }),
  export: async () => ({ ok: true, text: await exportSettings() }),
  'preview-import': async ({ text }) => {
    const preview = await previewImport(text);
    return preview.ok ? { ok: true, preview: preview.value } : preview;
  },
  import: ({ text, stamp }) => importFile(text, stamp),
  'forget-everything': async () => {
    await forgetEverything();
    await watch();
    await pulse();
    return { ok: true };
  },
  'accept-loss': async () => done(rememberAccounts(await readAll())),
  'drop-damaged': async ({ key }) => dropped(await dropDamaged(key)),
};

/** Carries a command of one of our pages out, `tab` being that page's own; anything that is none is answered with the field that is wrong. */
export function obey(message: unknown, tab: number | null = null): Promise<Reply> {
  const command = check(Command, message, 'command');
  if (!command.ok) return Promise.resolve(command);
  const handler = handlers[command.value.type] as (command: Command, tab: number | null) => Promise<Reply>;
  // What can fail here is the browser's storage; the person has to hear of it.
  return handler(command.value, tab).catch(() => ({
    ok: false,
    problems: [{ field: 'storage', message: say('problem_storage') }],
  }));
}

// A report this fresh answers a person who opens the popup.
const FRESH_MS = 15 * SECOND;

async function checkSoon(only?: string): Promise<Reply> {
  const now = Date.now();
  await locked(async () => {
    const { accounts, destinations, facts } = await readAll();
    const checked = accounts.filter(({ id }) => destinations.some((one) => one.account === id && isCheckable(one)));
    for (const { id, copyOf } of checked) {
      const known = facts.get(id) ?? noFacts(id);
      const isFresh = Math.abs(now - Math.max(known.provenAt ?? 0, known.checkTrouble?.at ?? 0)) < FRESH_MS;
      if (only === undefined ? !isFresh : id === only || copyOf === only)
        await writeFacts({ ...known, nextCheckAt: now });
    }
  });
  await pulse();
  return { ok: true };
}

async function logIn(id: string): Promise<Reply> {
  const account = (await readAll()).accounts.find((one) => one.id === id);
  if (!account) return { ok: false, problems: [{ field: 'account', message: say('problem_gone') }] };
  if (account.paused) return { ok: false, problems: [{ field: 'account', message: say('problem_paused') }] };
  // The destination proves itself while the person logs in, so that the token can go out at once.
  void checkSoon(id);
  await openLogin(account);
  return { ok: true };
}

async function retry(id: string): Promise<Reply> {
  const now = Date.now();
  await locked(async () => {
    const { deliveries } = await readAll();
    const isMine = ({ account, state, sending }: Delivery) =>
      account === id && (state === 'waiting' || state === 'held') && sending === null;
    const waiting = deliveries.filter(isMine);
    if (waiting.length > 0) await wakeSoon(now);
    for (const delivery of waiting) await writeDelivery({ ...delivery, state: 'waiting', nextAttemptAt: now });
  });
  return checkSoon(id);
}

async function redeliver(id: string, destination: string): Promise<Reply> {
  const now = Date.now();
  const account = await locked(async () => {
    const found = (await readAll()).deliveries.find((one) => one.id === id && one.destination === destination);
    if (!found || !canRedeliver(found, now)) return null;
    await wakeSoon(now);
    await writeDelivery({ ...found, state: 'waiting', nextAttemptAt: now });
    return found.account;
  });
  if (account === null) return { ok: false, problems: [{ field: 'delivery', message: say('problem_delivery_over') }] };
  log({ event: 'redelivered', account, delivery: id });
  return checkSoon(account);
}

async function deliveries(): Promise<Reply> {
  const [stored, told] = await Promise.all([locked(readAll), readLog()]);
  return { ok: true, deliveries: deliveryLog(told, stored.deliveries, stored.facts, Date.now()) };
}

async function importFile(text: string, stamp: string): Promise<Reply> {
  const done = await importSettings(text, stamp);
  if (!done.ok) return done;
  log({ event: 'imported', changes: done.value });
  await settled();
  return { ok: true };
}

async function reopen(id: string): Promise<Reply> {
  const { deliveries } = await readAll();
  const seen = deliveries.find((one) => one.account === id && one.state === 'observed' && one.expiresAt > Date.now());
  if (!seen?.body) return { ok: false, problems: [{ field: 'account', message: say('problem_no_redirect') }] };
  await openTab(seen.body);
  return { ok: true };
}

async function test(id: string): Promise<Reply> {
  const { accounts, destinations } = await readAll();
  const account = accounts.find((one) => one.id === id);
  const destination = destinations.find((one) => one.account === id);
  if (!account || !destination)
    return { ok: false, problems: [{ field: 'account', message: say('problem_no_destination') }] };
  const steps = await testDestination(account, destination);
  await checkSoon(id);
  return { ok: true, steps };
}

async function savePreferences(preferences: Preferences): Promise<Reply> {
  if (!(await locked(() => writePreferences(preferences))))
    return { ok: false, problems: [{ field: 'preferences', message: say('problem_newer_version') }] };
  log({ event: 'preferences', notify: preferences.notify });
  return done(Promise.resolve());
}

async function done(work: Promise<void>): Promise<Reply> {
  await work;
  await pulse();
  return { ok: true };
}

type Change = Extract<LogEvent, { event: 'changed' }>['what'];

async function changed(result: Checked<string>, what: Change): Promise<Reply> {
  if (result.ok) log({ event: 'changed', account: result.value, what });
  await settled();
  return reply(result, 'account');
}

/** What follows every change of the settings. */
async function settled(): Promise<void> {
  await rememberAccounts(await readAll());
  await watch();
  await pulse();
}

async function forgotten(result: Checked<string>): Promise<Reply> {
  if (result.ok) log({ event: 'forgotten' });
  await settled();
  return result.ok ? { ok: true } : result;
}

type Switch = Extract<LogEvent, { event: 'dashboard' }>['is'];

async function switched(result: Checked<Dashboard>, is: Switch): Promise<Reply> {
  if (result.ok) log({ event: 'dashboard', account: result.value.account, is });
  await settled();
  return result.ok ? { ok: true, dashboard: result.value.id } : result;
}

async function dropped(result: Checked<string>): Promise<Reply> {
  await pulse();
  return result.ok ? { ok: true } : result;
}

function reply(result: Checked<string>, name: 'account' | 'ask'): Reply {
  return result.ok ? { ok: true, [name]: result.value } : result;
}

function answered(isDone: boolean): Reply {
  return isDone ? { ok: true } : { ok: false, problems: [{ field: 'ask', message: say('problem_ask_over') }] };
}
