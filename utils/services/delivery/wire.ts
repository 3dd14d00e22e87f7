import type { Account, Destination } from '../../domain/accounts/settings.ts';
import {
  type ConsentOutcome,
  type HttpResult,
  type Outcome,
  readConsent,
  readSignedAnswer,
  type SentRequest,
} from '../../domain/delivery/answers.ts';
import { bodyFor, type Delivery } from '../../domain/delivery/delivery.ts';
import { troubled } from '../../domain/delivery/plain.ts';
import type { Called } from '../../domain/session/settle-call.ts';
import { callHttp } from '../../platform/network/http.ts';
import { ensureKey, hmac, readKey, verifyHmac } from '../../platform/storage/keys.ts';
import { randomId } from '../../platform/storage/random.ts';
import { fromBase64, toBase64 } from '../../shared/bytes.ts';
import {
  CONTRACT_VERSION,
  deliveryId,
  deliveryText,
  HEADER,
  type SessionCheck,
  type SessionConsent,
  signedText,
} from '../../shared/contract.ts';
import { SECOND } from '../../shared/time.ts';
import { callPlain, checkStatusPage } from './plain.ts';

/** The delivery id of a token for a destination; without a signed one it is ours alone and never leaves the browser. */
export async function nameDelivery(
  account: Account,
  destination: Destination | null,
  token: string,
): Promise<string | null> {
  const key = destination?.kind === 'signed' ? await readKey(destination.id) : await ensureKey('ledger');
  return key && deliveryId(await hmac(key, deliveryText(account.name, account.broker, token)));
}

/** Sends one delivery to its destination and judges the answer. */
export function deliver(destination: Destination, delivery: Delivery, understands: readonly string[]): Promise<Called> {
  const { id } = delivery;
  const body = bodyFor(delivery, understands);
  if (body === null) throw new Error('an ended delivery has nothing to send');
  return destination.kind === 'signed' ? callSigned(destination, id, body) : callPlain(destination, id, body);
}

/** Asks a destination how its session stands: a signed one for its report, a plain one by its status page. */
export function checkSession(
  account: Account,
  destination: Destination,
  { wait, signal }: { wait?: SessionCheck['wait']; signal?: AbortSignal } = {},
): Promise<Called> {
  if (destination.kind === 'plain') return checkStatusPage(account, destination, randomId('chk_'));
  const message: SessionCheck = { version: CONTRACT_VERSION, type: 'session.check', account: account.name, wait };
  return callSigned(destination, randomId('chk_'), JSON.stringify(message), signal);
}

/** Asks a signed destination for the consent with which a login begins. */
export async function askConsent(account: Account, destination: Destination): Promise<ConsentOutcome> {
  const { name, broker } = account;
  const message: SessionConsent = { version: CONTRACT_VERSION, type: 'session.consent', account: name, broker };
  return (await call(destination, randomId('con_'), JSON.stringify(message), readConsent)).outcome;
}

export function callSigned(destination: Destination, id: string, body: string, signal?: AbortSignal): Promise<Called> {
  return call(destination, id, body, readSignedAnswer, signal);
}

async function call<T>(
  { id: destination, url }: Destination,
  id: string,
  body: string,
  judge: (result: HttpResult, sent: SentRequest, isSigned: boolean) => T,
  signal?: AbortSignal,
): Promise<Omit<Called, 'outcome'> & { outcome: T | NoKey }> {
  const sentAt = Date.now();
  const key = await readKey(destination);
  if (!key) return { heard: { sentAt, at: sentAt }, outcome: troubled('no_key', { at: sentAt }) };
  const timestamp = Math.floor(sentAt / SECOND);
  const signature = `v1,${toBase64(await hmac(key, signedText(id, timestamp, body)))}`;
  const headers = {
    'content-type': 'application/json',
    [HEADER.id]: id,
    [HEADER.timestamp]: String(timestamp),
    [HEADER.signature]: signature,
  };
  const result = await callHttp({ url, method: 'POST', headers, body, signal });
  const heard = { sentAt, at: Date.now() };
  return { heard, outcome: judge(result, { id, ...heard }, await isSigned(key, result)) };
}

type NoKey = Extract<Outcome, { kind: 'trouble' }>;

async function isSigned(key: CryptoKey, result: HttpResult): Promise<boolean> {
  if (result.kind !== 'response') return false;
  const { headers, body } = result;
  const text = signedText(headers[HEADER.id] ?? '', headers[HEADER.timestamp] ?? '', body);
  const signatures = (headers[HEADER.signature] ?? '').split(' ').filter((one) => one.startsWith('v1,'));
  const verdicts = await Promise.all(
    signatures.map((one) => verifyHmac(key, text, fromBase64(one.slice(3)) ?? new Uint8Array())),
  );
  return verdicts.includes(true);
}
