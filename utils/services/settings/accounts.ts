import {
  factsIdOf,
  furtherOf,
  ownDestination,
  routesOf,
  whyOneDestination,
} from '../../domain/accounts/destinations.ts';
import { isOpenAlgo, whyNoOpenAlgo } from '../../domain/accounts/known-systems.ts';
import type { Account, AccountForm } from '../../domain/accounts/settings.ts';
import { type Checked, told } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { removeRecord } from '../../platform/storage/database.ts';
import { locked } from '../../platform/storage/lock.ts';
import { removeEntries } from '../../platform/storage/memory.ts';
import { recordId } from '../../platform/storage/random.ts';
import { readPairing } from '../../shared/pairing.ts';
import { removeClockRecords } from '../store/clock-store.ts';
import { forgetDraft } from '../store/draft.ts';
import { forgetInLog } from '../store/log.ts';
import {
  destinationKeys,
  readAll,
  removeAccount,
  removeAsks,
  removeCancelled,
  removeDashboard,
  removeDeliveries,
  removeFacts,
  removeLogins,
  removeLost,
  removeNotice,
  removeOutcomes,
  type Stored,
  writeAccount,
} from '../store/store.ts';
import { dropWaiting, forgetDestination, gone, putDestination } from './destinations.ts';

/** Sets an account up from a pairing string. One that is paired again keeps its identity; what waited for the old pairing is dropped. */
export function pair(text: string): Promise<Checked<string>> {
  const read = told(readPairing(text));
  if (!read.ok) return Promise.resolve(read);
  const {
    url,
    secret,
    account: name,
    broker,
    api_key: apiKey,
    redirect_url: redirectUrl,
    mode,
    expected_user: expectedUser,
  } = read.value;
  return locked(async () => {
    const stored = await readAll();
    const known = stored.accounts.find((one) => one.broker === broker && one.name === name) ?? null;
    const account = await putAccount(known, { broker, name, apiKey, redirectUrl, mode, expectedUser });
    if (known) await settleChange(stored, known, account);
    await putDestination(
      stored,
      account,
      { kind: 'signed', url, secret },
      ownDestination(stored.destinations, account.id),
    );
    return { ok: true, value: account.id };
  });
}

/** Saves what a person entered for an account, new (`id` null) or known. */
export function saveAccount(id: string | null, form: AccountForm): Promise<Checked<string>> {
  return locked(async () => {
    const stored = await readAll();
    const known = stored.accounts.find((one) => one.id === id) ?? null;
    if (id !== null && !known) return gone('id');
    const hasOpenAlgo = stored.destinations.some((one) => one.account === id && isOpenAlgo(one));
    if (hasOpenAlgo && whyNoOpenAlgo(form) !== null)
      return { ok: false, problems: [{ field: 'mode', message: say('problem_app_stays') }] };
    const others = stored.accounts.filter((one) => one.id !== id);
    if (others.some((one) => one.broker === form.broker && one.name === form.name)) {
      return { ok: false, problems: [{ field: 'name', message: say('problem_name_taken') }] };
    }
    const account = await putAccount(known, form);
    if (known) await settleChange(stored, known, account);
    return { ok: true, value: account.id };
  });
}

/** What a changed account makes of its destinations: ends what waits for them, and those that it may have no longer; under the lock. */
async function settleChange(stored: Stored, known: Account, account: Account): Promise<void> {
  // The account's name, broker and redirect are part of what was promised to the destination.
  const isOther = known.name !== account.name || known.broker !== account.broker;
  const isOtherWay = (known.mode === 'observe') !== (account.mode === 'observe');
  if (isOther || isOtherWay)
    for (const route of routesOf({ ...stored, accounts: [account] })) await dropWaiting(stored, factsIdOf(route));
  if (whyOneDestination(account) === null) return;
  for (const one of furtherOf(stored.destinations, account.id)) await forgetDestination(stored, one);
}

export function changeAccount(
  id: string,
  change: Partial<Pick<Account, 'paused' | 'confirmedUser' | 'clock' | 'container'>>,
): Promise<Checked<string>> {
  return locked(async () => {
    const { accounts } = await readAll();
    const known = accounts.find((one) => one.id === id);
    if (!known) return gone('account');
    await writeAccount({ ...known, ...change });
    return { ok: true, value: id };
  });
}

/** Removes everything of ours about an account: settings, key, facts, tokens, asks and logins under way. */
export function forget(id: string): Promise<Checked<string>> {
  return locked(async () => {
    await forgetOne(await readAll(), id);
    return { ok: true, value: id };
  });
}

/** Removes one account and what hangs on it; under the lock. */
export async function forgetOne(stored: Stored, id: string): Promise<void> {
  const isOurs = (one: { account: string }) => one.account === id;
  for (const destination of stored.destinations.filter(isOurs)) await forgetDestination(stored, destination);
  await removeDeliveries(stored.deliveries.filter(isOurs));
  await removeAsks(stored.asks.filter(isOurs));
  await removeLogins(stored.logins.filter(isOurs));
  await removeOutcomes(stored.outcomes.filter(isOurs));
  for (const dashboard of stored.dashboards.filter(isOurs))
    await Promise.all([removeDashboard(dashboard.id), removeLost(dashboard.id)]);
  await removeCancelled(id);
  await removeFacts(id);
  await removeNotice(id);
  await removeClockRecords(id);
  await forgetDraft(id);
  await removeAccount(id);
  forgetInLog(id);
}

/** An account as what a person says makes it, a new one under a new id. */
export function newAccount(known: Account | null, form: Partial<Account> & AccountForm): Account {
  const id = known?.id ?? recordId();
  return { confirmedUser: null, paused: false, createdAt: Date.now(), ...known, ...form, id };
}

/** Writes an account; under the lock. */
async function putAccount(known: Account | null, form: AccountForm): Promise<Account> {
  const account = newAccount(known, form);
  await writeAccount(account);
  return account;
}

/** Removes a stored record that cannot be read; one that can be is left alone. */
export function dropDamaged(key: string): Promise<Checked<string>> {
  return locked(async () => {
    const record = (await readAll()).damaged.find((one) => one.key === key);
    if (!record) return gone('key');
    if (record.isNewer) return { ok: false, problems: [{ field: 'key', message: say('problem_newer_key') }] };
    const [kind, id = ''] = key.split(':');
    // Nobody would know any more what hangs on a destination: its key, its secret, its facts.
    for (const one of kind === 'destination' ? destinationKeys(id) : [key]) await removeRecord(one);
    await removeEntries([key]);
    return { ok: true, value: key };
  });
}
