import { destinationsOf, factsIdOf, findDestination, whyOneDestination } from '../../domain/accounts/destinations.ts';
import { isOpenAlgo, whyNoOpenAlgo } from '../../domain/accounts/known-systems.ts';
import { type Account, type Destination, type DestinationForm, isCheckable } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { fail } from '../../domain/delivery/delivery.ts';
import { noFacts } from '../../domain/session/facts.ts';
import { hmac, keepKey, readKey, removeKey } from '../../platform/storage/keys.ts';
import { locked } from '../../platform/storage/lock.ts';
import { recordId } from '../../platform/storage/random.ts';
import { fromBase64, toHex } from '../../shared/bytes.ts';
import { forgetInLog } from '../store/log.ts';
import {
  readAll,
  removeDeliveries,
  removeDestination,
  removeFacts,
  removeNotice,
  removeSecret,
  type Stored,
  writeDelivery,
  writeDestination,
  writeFacts,
  writeSecret,
} from '../store/store.ts';

/** Saves where an account's token goes, in the place of one of its destinations. Whatever waited for that one is dropped (invariant 1). */
export function saveDestination(
  accountId: string,
  destinationId: string | undefined,
  form: DestinationForm,
): Promise<Checked<string>> {
  return locked(async () => {
    const stored = await readAll();
    const account = stored.accounts.find(({ id }) => id === accountId);
    if (!account) return gone('account');
    const unfit = isOpenAlgo(form) && whyNoOpenAlgo(account);
    if (unfit) return { ok: false, problems: [{ field: 'kind', message: say(unfit) }] };
    const old = findDestination(stored.destinations, accountId, destinationId);
    if (destinationId !== undefined && !old) return gone('destination');
    await putDestination(stored, account, form, old);
    return { ok: true, value: accountId };
  });
}

/** Removes a further destination of an account, and what is known of it; its own goes with the account alone. */
export function removeFurther(id: string): Promise<Checked<string>> {
  return locked(async () => {
    const stored = await readAll();
    const found = stored.destinations.find((one) => one.id === id);
    if (!found?.further) return gone('destination');
    await forgetDestination(stored, found);
    return { ok: true, value: found.account };
  });
}

/** Removes one destination and what hangs on it; under the lock. What waits goes first, or the account would tell of it. */
export async function forgetDestination(stored: Stored, destination: Destination): Promise<void> {
  await removeDeliveries(stored.deliveries.filter((one) => one.destination === destination.id));
  await dropDestination(destination);
  forgetInLog(destination.id);
}

/** Adds a further destination to an account whose token may go to several. */
export function addDestination(accountId: string, form: DestinationForm): Promise<Checked<string>> {
  return locked(async () => {
    const stored = await readAll();
    const account = stored.accounts.find(({ id }) => id === accountId);
    if (!account) return gone('account');
    if (whyOneDestination(account) !== null)
      return { ok: false, problems: [{ field: 'kind', message: say('problem_second') }] };
    if (destinationsOf(stored.destinations, accountId).some(({ url }) => url === form.url))
      return { ok: false, problems: [{ field: 'url', message: say('problem_known_destination') }] };
    const isFirst = destinationsOf(stored.destinations, accountId).length === 0;
    await putDestination(stored, account, form, null, isFirst ? undefined : true);
    return { ok: true, value: accountId };
  });
}

/** Puts a destination in the place of `old`, as the account's own, or as a further one; under the lock. */
export async function putDestination(
  stored: Stored,
  account: Account,
  form: DestinationForm,
  old: Destination | null,
  further = old?.further,
): Promise<void> {
  const id = recordId();
  const { secret, ...settings } = form;
  // The new key first: a secret that cannot be kept leaves the old destination as it is. Then the old one goes before the
  // new one comes: between the two a token has nowhere to go, rather than the wrong place.
  if (settings.kind === 'signed') await keepKey(id, secretBytes(secret));
  else await writeSecret(id, secret);
  if (old || !further) await dropWaiting(stored, factsIdOf({ account, destination: old }), id);
  if (!further) await Promise.all([removeNotice(account.id), removeFacts(account.id)]);
  if (old) await dropDestination(old);
  const now = Date.now();
  const ours = { id, account: account.id, savedAt: now, createdAt: old?.createdAt ?? now, ...(further && { further }) };
  const isSigned = settings.kind === 'signed';
  const destination = isSigned
    ? { ...settings, ...ours, fingerprint: await fingerprint(id) }
    : { ...settings, ...ours };
  await writeDestination(destination);
  await writeFacts({ ...noFacts(id), nextCheckAt: isCheckable(destination) ? now : null });
}

/** Removes a destination with its key and its facts; under the lock. */
async function dropDestination({ id }: Destination): Promise<void> {
  await removeDestination(id);
  await removeFacts(id);
  await removeKey(id);
  await removeSecret(id);
}

/** Ends what waits for a destination, and tells of it at the one that takes its place; under the lock. */
export async function dropWaiting(stored: Stored, destination: string, successor = destination): Promise<void> {
  const waiting = stored.deliveries.filter((one) => one.destination === destination && one.state !== 'ended');
  for (const delivery of waiting)
    await writeDelivery({ ...fail(delivery, 'destination_changed', Date.now()), destination: successor });
  if (successor !== destination) await removeDeliveries(waiting);
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

/** The answer where something that was meant is no longer there. */
export function gone(field: string): Checked<never> {
  return { ok: false, problems: [{ field, message: say('problem_gone') }] };
}
