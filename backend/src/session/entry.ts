import { brokers } from '../../../utils/shared/brokers/index.ts';
import { tokenExpiry } from '../../../utils/shared/brokers/token-life.ts';
import type { Companions, SessionCaptured } from '../../../utils/shared/contract.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { Log } from '../log/log.ts';
import { type Outcome, type Refusal, refuse } from './outcome.ts';
import type { Received } from './receive.ts';
import { deliveryIdOf } from './sign.ts';
import type { Signer } from './verify-request.ts';

/** Hands a token to this backend that did not come as a signed delivery: a person typed it, or the broker's redirect brought it. */
export type Enter = (account: AccountName, token: string, companions?: Companions) => Promise<Outcome>;

export interface EntryOptions {
  signers: readonly Signer[];
  receive(received: Received): Promise<Outcome>;
  log: Log;
  now(): number;
}

/** Such a token goes the way of a delivery: one exchange, the journal, the pinned user. */
export function createEntry({ signers, receive, log, now }: EntryOptions): Enter {
  return async (name, token, companions = {}) => {
    const broker = brokerOf(name);
    const signer = signers.find(({ account }) => account.name === name);
    const secret = signer?.secrets[0];
    if (signer === undefined || secret === undefined) return refuse('configuration', NOT_SET_UP);
    const at = now();
    const message: SessionCaptured = {
      version: 1,
      type: 'session.captured',
      account: name,
      broker,
      token: {
        kind: brokers[broker].token.kind,
        value: token,
        ...(Object.keys(companions).length > 0 ? { with: companions } : {}),
      },
      captured_at: new Date(at).toISOString(),
      expires_at: new Date(tokenExpiry(brokers[broker], at, token)).toISOString(),
      expected_user: null,
    };
    const id = deliveryIdOf(secret, name, broker, token);
    const outcome = await receive({ id, account: signer.account, secret, body: message });
    if (!outcome.ok) log({ event: 'session.refused', account: name, reason: outcome.reason });
    return outcome;
  };
}

const NOT_SET_UP = 'This account is not set up here: set its API key and secret, and start the backend again.';

/** What a person is told of a refused token, in words that no page takes for an ended session. */
export function refusedWords({ reason, message }: Refusal): string {
  return message === NOT_SET_UP ? NOT_SET_UP : WORDS[reason];
}

const WORDS = {
  bad_request: 'That is no token of this broker: copy it again.',
  bad_signature: 'That token could not be taken.',
  stale_timestamp: 'That token could not be taken.',
  wrong_account: 'That login is of another user than this backend is for.',
  superseded: 'A newer login is already in use.',
  in_progress: 'That token is being checked already: wait a moment.',
  token_spent: 'The broker refuses that token: log in again for a new one.',
  configuration: 'The broker refuses the API key or secret of this backend: another login will not help.',
  rate_limited: 'The broker asks to wait: try again in half a minute.',
  unavailable: 'The broker does not answer: try again in a moment.',
} as const;
