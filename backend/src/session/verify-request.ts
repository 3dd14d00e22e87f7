import { timingSafeEqual } from 'node:crypto';
import { HEADER, MAX_CLOCK_SKEW_MS } from '../../../utils/shared/contract.ts';
import { parseJson } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import { hmac } from './sign.ts';

/** An account with every secret that may sign for it, the current one first. */
export interface Signer {
  account: Account;
  secrets: string[];
}

export type Verified =
  | { ok: true; id: string; account: Account; secret: string; body: unknown }
  | {
      ok: false;
      id: string;
      reason: 'bad_signature' | 'stale_timestamp' | 'bad_request';
      account: Account | null;
      secret: string | null;
    };

// An id comes back in a signed answer, so a longer text could make us sign what a caller chose.
const SAFE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Checks a request's signature over its raw bytes, then its time. The secret that fits tells which account it is for. */
export function verifyRequest(signers: readonly Signer[], headers: Headers, raw: Uint8Array, now: number): Verified {
  const given = headers.get(HEADER.id) ?? '';
  const timestamp = headers.get(HEADER.timestamp) ?? '';
  const id = SAFE_ID.test(given) ? given : '';
  const match = id === '' ? null : matching(signers, signaturesIn(headers), [`${id}.${timestamp}.`, raw]);
  if (match === null) return { ok: false, id, reason: 'bad_signature', ...claimed(signers, raw) };
  const isFresh = /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1_000 - now) <= MAX_CLOCK_SKEW_MS;
  if (!isFresh) return { ok: false, id, reason: 'stale_timestamp', ...match };
  const body = parseJson(new TextDecoder().decode(raw));
  if (body === undefined) return { ok: false, id, reason: 'bad_request', ...match };
  return { ok: true, id, ...match, body };
}

function matching(signers: readonly Signer[], signatures: readonly Buffer[], parts: (string | Uint8Array)[]) {
  for (const { account, secrets } of signers) {
    for (const secret of secrets) {
      const expected = hmac(secret, ...parts);
      if (signatures.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected)))
        return { account, secret };
    }
  }
  return null;
}

/** Standard Webhooks: one or more `v1,base64`, divided by blanks. */
function signaturesIn(headers: Headers): Buffer[] {
  const listed = (headers.get(HEADER.signature) ?? '').split(' ').slice(0, 4);
  return listed.filter((entry) => entry.startsWith('v1,')).map((entry) => Buffer.from(entry.slice(3), 'base64'));
}

/** Whom an unproven request claims to be for: a refusal is signed for that account, so that the sender can trust it. */
function claimed(signers: readonly Signer[], raw: Uint8Array): { account: Account | null; secret: string | null } {
  const body = parseJson(new TextDecoder().decode(raw));
  const name = typeof body === 'object' && body !== null && 'account' in body ? body.account : null;
  const signer = signers.find(({ account }) => account.name === name);
  return { account: signer?.account ?? null, secret: signer?.secrets[0] ?? null };
}
