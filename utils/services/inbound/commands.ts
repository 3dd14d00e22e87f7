import { findDestination } from '../../domain/accounts/destinations.ts';
import { type Checked, check } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { Command, type CommandOf, type Reply } from '../../domain/hold/messages.ts';
import { deliveryLog } from '../../domain/records/delivery-log.ts';
import { locked } from '../../platform/storage/lock.ts';
import { answerAsk, takePaste } from '../capture/asks.ts';
import { tellFate } from '../capture/fate.ts';
import { testDestination } from '../delivery/test-destination.ts';
import { redirectSealed } from '../logins/login-tabs.ts';
import { sealedPageShown } from '../logins/sealed-page.ts';
import { readHistories } from '../pulse/history.ts';
import { pulse } from '../pulse/pulse.ts';
import { muteReminder, snoozeReminder } from '../pulse/reminders.ts';
import { beginRound, endRound, skipTurn } from '../pulse/round.ts';
import { changeAccount, dropDamaged, forget, pair, saveAccount } from '../settings/accounts.ts';
import { removeDashboard, saveDashboard } from '../settings/dashboards.ts';
import { addDestination, removeFurther, saveDestination } from '../settings/destinations.ts';
import { diagnose } from '../settings/diagnose.ts';
import { forgetEverything } from '../settings/forget-everything.ts';
import { exportSettings, previewImport } from '../settings/settings-file.ts';
import { watch } from '../settings/watch.ts';
import { log, readLog } from '../store/log.ts';
import { rememberAccounts } from '../store/sentinel.ts';
import { readAll } from '../store/store.ts';
import { applyChange, changed, importFile, pause, savePreferences } from '../verbs/change-settings.ts';
import { checkAccount, checkAll } from '../verbs/check-soon.ts';
import { logIn, reopen } from '../verbs/log-in.ts';
import { redeliver, retry } from '../verbs/send-again.ts';

type Handlers = { [T in Command['type']]: (command: CommandOf<T>, tab: number | null) => Promise<Reply> };

/** What our own pages may ask for. */
const handlers: Handlers = {
  refresh: () => done(checkAll()),
  'captured-shown': async ({ since }, tab) => {
    sealedPageShown(tab);
    const fate = await tellFate(tab, since);
    if (fate.is !== 'waiting') await redirectSealed(tab);
    return { ok: true, fate };
  },
  'log-in': async ({ account }) => reply(await logIn(account)),
  'log-out': async ({ account }) => reply(await logIn(account, 'after-log-out')),
  'log-in-due': async ({ accounts }) => thenPulse(beginRound(accounts)),
  'log-in-next': () => thenPulse(skipTurn()),
  'stop-logins': () => thenPulse(endRound()),
  paste: async ({ account, text }) => reply(await takePaste(account, text), (ask) => ({ ask })),
  accept: async ({ ask }) => {
    const isDone = await answerAsk(ask, true);
    // A yes may have changed the redirect URL: the rules follow it while its token is still on the way.
    await Promise.all([pulse(), isDone && watch()]);
    return answered(isDone);
  },
  discard: async ({ ask }) => {
    const isDone = await answerAsk(ask, false);
    await pulse();
    return answered(isDone);
  },
  retry: ({ account, destination }) => done(retry(account, destination)),
  redeliver: async ({ delivery, destination }) => reply(await redeliver(delivery, destination)),
  deliveries: async () => {
    const [stored, told] = await Promise.all([locked(readAll), readLog()]);
    return { ok: true, deliveries: deliveryLog(told, stored.deliveries, stored.facts, Date.now()) };
  },
  reopen: async ({ account }) => reply(await reopen(account)),
  test: ({ account, destination }) => test(account, destination),
  pair: async ({ text }) => named(await changed(await pair(text), 'paired')),
  'save-account': async ({ id, form }) => named(await changed(await saveAccount(id, form), 'account')),
  'save-destination': async ({ account, destination, form }) =>
    named(await changed(await saveDestination(account, destination, form), 'destination')),
  'add-destination': async ({ account, form }) =>
    named(await changed(await addDestination(account, form), 'destination')),
  'remove-destination': async ({ destination }) =>
    named(await changed(await removeFurther(destination), 'destination')),
  'confirm-user': async ({ account, user }) =>
    named(await changed(await changeAccount(account, { confirmedUser: user }), 'account')),
  pause: async ({ account, paused }) => named(await pause(account, paused)),
  forget: async ({ account }) => {
    const result = await forget(account);
    if (result.ok) log({ event: 'forgotten' });
    await applyChange();
    return reply(result);
  },
  'save-preferences': async ({ preferences }) => reply(await savePreferences(preferences)),
  'set-clock': async ({ account, clock }) => named(await changed(await changeAccount(account, { clock }), 'clock')),
  'leave-container': async ({ account }) =>
    named(await changed(await changeAccount(account, { container: undefined }), 'account')),
  snooze: ({ account }) => thenPulse(snoozeReminder(account)),
  'mute-today': ({ account }) => thenPulse(muteReminder(account)),
  history: async () => ({ ok: true, histories: await readHistories((await readAll()).accounts.map(({ id }) => id)) }),
  'save-dashboard': async ({ id, form }) => switched(await saveDashboard(id, form), id === null ? 'on' : 'changed'),
  'remove-dashboard': async ({ id }) => switched(await removeDashboard(id), 'off'),
  diagnose: async () => ({ ok: true, text: await diagnose() }),
  export: async () => ({ ok: true, text: await exportSettings() }),
  'preview-import': async ({ text }) => reply(await previewImport(text), (preview) => ({ preview })),
  import: async ({ text, stamp }) => reply(await importFile(text, stamp)),
  'forget-everything': async () => {
    await forgetEverything();
    await watch();
    return thenPulse(Promise.resolve());
  },
  'accept-loss': async () => thenPulse(rememberAccounts(await readAll())),
  'drop-damaged': async ({ key }) => {
    const result = await dropDamaged(key);
    await pulse();
    return reply(result);
  },
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

async function test(id: string, to?: string): Promise<Reply> {
  const { accounts, destinations } = await readAll();
  const account = accounts.find((one) => one.id === id);
  const destination = findDestination(destinations, id, to);
  if (!account || !destination)
    return { ok: false, problems: [{ field: 'account', message: say('problem_no_destination') }] };
  const steps = await testDestination(account, destination);
  await checkAccount(id);
  return { ok: true, steps };
}

type Switch = Parameters<typeof log>[0] extends infer Event ? Extract<Event, { event: 'dashboard' }> : never;

async function switched(result: Awaited<ReturnType<typeof saveDashboard>>, is: Switch['is']): Promise<Reply> {
  if (result.ok) log({ event: 'dashboard', account: result.value.account, is });
  await applyChange();
  return reply(result, ({ id }) => ({ dashboard: id }));
}

async function done(work: Promise<unknown>): Promise<Reply> {
  await work;
  return { ok: true };
}

async function thenPulse(work: Promise<void>): Promise<Reply> {
  await work;
  return done(pulse());
}

type Told = Omit<Extract<Reply, { ok: true }>, 'ok'>;

function reply<T>(result: Checked<T>, tell: (value: T) => Told = () => ({})): Reply {
  return result.ok ? { ok: true, ...tell(result.value) } : result;
}

function named(result: Checked<string>): Reply {
  return reply(result, (account) => ({ account }));
}

function answered(isDone: boolean): Reply {
  return isDone ? { ok: true } : { ok: false, problems: [{ field: 'ask', message: say('problem_ask_over') }] };
}
