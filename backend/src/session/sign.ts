import { createHmac } from 'node:crypto';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import {
  type Answer,
  deliveryId,
  deliveryText,
  HEADER,
  REFUSAL_STATUS,
  signedText,
} from '../../../utils/shared/contract.ts';

/** HMAC-SHA256 under a `whsec_` secret; `parts` are signed as if they were one text. */
export function hmac(secret: string, ...parts: (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  for (const part of parts) mac.update(part);
  return mac.digest();
}

export function deliveryIdOf(secret: string, account: string, broker: BrokerId, token: string): string {
  return deliveryId(hmac(secret, deliveryText(account, broker, token)));
}

/** Sends an answer with the request's id and its own time, signed where it is known which secret the sender holds. */
export function signedAnswer(
  answer: Answer,
  secret: string | null,
  retryAfterSeconds: number | null,
  now: number,
): Response {
  const body = JSON.stringify(answer);
  const timestamp = Math.floor(now / 1_000);
  const headers = new Headers({
    'content-type': 'application/json',
    [HEADER.id]: answer.id,
    [HEADER.timestamp]: String(timestamp),
  });
  if (secret !== null)
    headers.set(HEADER.signature, `v1,${hmac(secret, signedText(answer.id, timestamp, body)).toString('base64')}`);
  if (retryAfterSeconds !== null) headers.set('retry-after', String(retryAfterSeconds));
  return new Response(body, {
    status: answer.type === 'session.refused' ? REFUSAL_STATUS[answer.reason] : 200,
    headers,
  });
}
