import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Handler } from 'hono';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { createSenderLimit } from '../http/limit.ts';
import type { SenderOf } from '../http/sender.ts';
import type { Log } from '../log/log.ts';
import { answerOf, type Outcome, refuse } from './outcome.ts';
import type { Received } from './receive.ts';
import { signedAnswer } from './sign.ts';
import { type Signer, verifyRequest } from './verify-request.ts';

const BAD_SIGNATURES_A_MINUTE = 10;
const FLOOD_PAUSE_MS = SECOND;

export interface SessionRoute {
  signers: readonly Signer[];
  receive(received: Received): Promise<Outcome>;
  senderOf: SenderOf;
  log: Log;
  now(): number;
}

/** `POST /session`: the delivery contract over the raw bytes of the request. */
export function sessionRoute({ signers, receive, senderOf, log, now }: SessionRoute): Handler {
  const admits = createSenderLimit(BAD_SIGNATURES_A_MINUTE, MINUTE);

  return async (context) => {
    const raw = new Uint8Array(await context.req.arrayBuffer());
    const request = verifyRequest(signers, context.req.raw.headers, raw, now());
    const outcome = request.ok
      ? await receive({ ...request, gone: context.req.raw.signal })
      : unproven(context, request.reason);
    // Whom an unproven request claims to be for is nobody's failure.
    const isFlood = !request.ok && !outcome.ok && outcome.reason === 'rate_limited';
    // Whoever asks again as soon as he is answered has to wait, so that those who sign rightly need not.
    if (isFlood) await sleep(FLOOD_PAUSE_MS);
    const account = isFlood ? null : (request.account?.name ?? null);
    if (!outcome.ok) log({ event: 'session.refused', account, reason: outcome.reason });
    const retryAfter = outcome.ok ? null : (outcome.retryAfterSeconds ?? null);
    return signedAnswer(answerOf(outcome, request.id, now()), request.secret, retryAfter, now());
  };

  function unproven(context: Context, reason: 'bad_signature' | 'stale_timestamp' | 'bad_request'): Outcome {
    // Only wrong signatures are counted, each by its sender, so that nobody can lock out the one who signs rightly.
    if (reason === 'bad_signature' && !admits(senderOf(context), now()))
      return refuse('rate_limited', 'too many wrong signatures', 60);
    return refuse(reason, UNPROVEN[reason]);
  }
}

const UNPROVEN = {
  bad_signature: 'the signature does not fit: pair again',
  stale_timestamp: 'the clocks differ by more than five minutes',
  bad_request: 'request must be JSON',
};
