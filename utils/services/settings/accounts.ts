import { copiesOf, whyOneDestination, withoutCopies } from '../../domain/accounts/copies.ts';
import { isOpenAlgo, whyNoOpenAlgo } from '../../domain/accounts/known-systems.ts';
import type { Account, AccountForm, Destination, DestinationForm } from '../../domain/accounts/settings.ts';
import { type Checked, told } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { fail } from '../../domain/delivery/delivery.ts';
import { noFacts } from '../../domain/session/facts.ts';
import { removeRecord } from '../../platform/storage/database.ts';
import { hmac, keepKey, readKey, removeKey } from '../../platform/storage/keys.ts';
import { locked } from '../../platform/storage/lock.ts';
import { removeEntries } from '../../platform/storage/memory.ts';
import { recordId } from '../../platform/storage/random.ts';
import { fromBase64, toHex } from '../../shared/bytes.ts';
import { readPairing } from '../../shared/pairing.ts';
import { removeClockRecords } from '../store/clock-store.ts';
import { forgetDraft } from '../store/draft.ts';
import { forgetInLog } from '../store/log.ts';
import {
  readAll,
  removeAccount,
  removeAsks,
  removeCancelled,
  removeDashboard,
  removeDeliveries,
  removeDestination,
  removeFacts,
  removeLogins,
  removeLost,
  removeOutcomes,
  removeSecret,
  type Stored,
  writeAccount,
  writeDelivery,
  writeDestination,
  writeFacts,
  writeSecret,
} from '../store/store.ts';

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
    const known = withoutCopies(stored.accounts).find((one) => one.broker === broker && one.name === name) ?? null;
    const account = await putAccount(known, { broker, name, apiKey, redirectUrl, mode, expectedUser });
    await putDestination(stored, account, { kind: 'signed', url, secret });
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
    const others = withoutCopies(stored.accounts).filter((one) => one.id !== id);
    if (others.some((one) => one.broker === form.broker && one.name === form.name)) {
      return { ok: false, problems: [{ field: 'name', message: say('problem_name_taken') }] };
    }
    const account = await putAccount(known, form);
    // The account's name, broker and redirect are part of what was promised to the destination.
    const isOther = known?.name !== account.name || known.broker !== account.broker;
    const isOtherWay = (known?.mode === 'observe') !== (account.mode === 'observe');
    if (known && (isOther || isOtherWay)) await dropWaiting(stored, account.id);
    for (const copy of copiesOf(stored.accounts, account.id)) {
      if (isOther || isOtherWay) await dropWaiting(stored, copy.id);
      if (whyOneDestination(account) === null) await writeAccount({ ...copy, ...form });
      else await forgetOne(stored, copy.id);
    }
    return { ok: true, value: account.id };
  });
}

/** Saves where an account's token goes. Whatever waited for the former destination is dropped (invariant 1). */
export function saveDestination(accountId: string, form: DestinationForm): Promise<Checked<string>> {
  return locked(async () => {
    const stored = await readAll();
    const account = stored.accounts.find(({ id }) => id === accountId);
    if (!account) return gone('account');
    const unfit = isOpenAlgo(form) && whyNoOpenAlgo(account);
    if (unfit) return { ok: false, problems: [{ field: 'kind', message: say(unfit) }] };
    await putDestination(stored, account, form);
    return { ok: true, value: accountId };
  });
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
    const { paused } = change;
    if (paused !== undefined) for (const copy of copiesOf(accounts, id)) await writeAccount({ ...copy, paused });
    return { ok: true, value: id };
  });
}

/** Removes everything of ours about an account: settings, key, facts, tokens, asks and logins under way. */
export function forget(id: string): Promise<Checked<string>> {
  return locked(async () => {
    const stored = await readAll();
    for (const copy of copiesOf(stored.accounts, id)) await forgetOne(stored, copy.id);
    await forgetOne(stored, id);
    return { ok: true, value: id };
  });
}

/** Removes one account, or one copy, and what hangs on it; under the lock. */
export async function forgetOne(stored: Stored, id: string): Promise<void> {
  const isOurs = (one: { account: string }) => one.account === id;
  for (const destination of stored.destinations.filter(isOurs)) await dropDestination(destination);
  await removeDeliveries(stored.deliveries.filter(isOurs));
  await removeAsks(stored.asks.filter(isOurs));
  await removeLogins(stored.logins.filter(isOurs));
  await removeOutcomes(stored.outcomes.filter(isOurs));
  for (const dashboard of stored.dashboards.filter(isOurs))
    await Promise.all([removeDashboard(dashboard.id), removeLost(dashboard.id)]);
  await removeCancelled(id);
  await removeFacts(id);
  await removeClockRecords(id);
  await forgetDraft(id);
  await removeAccount(id);
  forgetInLog(id);
}

/** Adds a further destination to an account whose token may go to several. */
export function addCopy(accountId: string, form: DestinationForm): Promise<Checked<string>> {
  return locked(async () => {
    const stored = await readAll();
    const account = withoutCopies(stored.accounts).find(({ id }) => id === accountId);
    if (!account) return gone('account');
    if (whyOneDestination(account) !== null)
      return { ok: false, problems: [{ field: 'kind', message: say('problem_second') }] };
    const isKnown = ({ account: owner, url }: Destination) =>
      url === form.url &&
      stored.accounts.some(({ id, copyOf }) => id === owner && (id === accountId || copyOf === accountId));
    if (stored.destinations.some(isKnown))
      return { ok: false, problems: [{ field: 'url', message: say('problem_known_destination') }] };
    const copy: Account = {
      ...account,
      id: recordId(),
      copyOf: accountId,
      confirmedUser: null,
      createdAt: Date.now(),
    };
    await writeAccount(copy);
    await putDestination(stored, copy, form);
    return { ok: true, value: copy.id };
  });
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

async function putDestination(stored: Stored, { id: account }: Account, form: DestinationForm): Promise<void> {
  const id = recordId();
  const { secret, ...settings } = form;
  // The new key first: a secret that cannot be kept leaves the old destination as it is. Then the old one goes before the
  // new one comes: between the two a token has nowhere to go, rather than the wrong place.
  if (settings.kind === 'signed') await keepKey(id, secretBytes(secret));
  else await writeSecret(id, secret);
  await dropWaiting(stored, account);
  for (const old of stored.destinations.filter((one) => one.account === account)) await dropDestination(old);
  const ours = { id, account, savedAt: Date.now() };
  if (settings.kind === 'signed') await writeDestination({ ...settings, ...ours, fingerprint: await fingerprint(id) });
  else await writeDestination({ ...settings, ...ours });
  const canTell = settings.kind === 'signed' || Boolean(settings.status);
  await writeFacts({ ...noFacts(account), nextCheckAt: canTell ? Date.now() : null });
}

/** Removes a stored record that cannot be read; one that can be is left alone. */
export function dropDamaged(key: string): Promise<Checked<string>> {
  return locked(async () => {
    const record = (await readAll()).damaged.find((one) => one.key === key);
    if (!record) return gone('key');
    if (record.isNewer) return { ok: false, problems: [{ field: 'key', message: say('problem_newer_key') }] };
    await Promise.all([removeRecord(key), removeEntries([key])]);
    return { ok: true, value: key };
  });
}

/** Removes a destination with its key; under the lock. */
async function dropDestination({ id }: Destination): Promise<void> {
  await removeDestination(id);
  await removeKey(id);
  await removeSecret(id);
}

/** Ends what waits for the destination of an account; under the lock. */
export async function dropWaiting(stored: Stored, account: string): Promise<void> {
  for (const delivery of stored.deliveries) {
    if (delivery.account === account && delivery.state !== 'ended')
      await writeDelivery(fail(delivery, 'destination_changed', Date.now()));
  }
}

/** Eight letters by which a person compares two ends of a pairing; they say nothing of the key. */
async function fingerprint(id: string): Promise<string> {
  const key = await readKey(id);
  const mac = key ? await hmac(key, 'fingerprint') : new Uint8Array(4);
  const hex = toHex(mac.slice(0, 4));
  return `${hex.slice(0, 4)} ${hex.slice(4)}`;
}

function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  return fromBase64(secret.slice('whsec_'.length)) ?? new Uint8Array();
}

function gone(field: string): Checked<string> {
  return { ok: false, problems: [{ field, message: say('problem_gone') }] };
}
