import { brokers } from '../../../utils/shared/brokers/index.ts';
import { textOf } from '../../../utils/shared/brokers/verdict.ts';
import { istClock } from '../../../utils/shared/time.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { Failure } from './client.ts';

/** What a failed call says of the session: that it has ended, that it may have, or nothing. */
export type Verdict = 'ended' | 'doubtful' | 'nothing';

/** Judges a broker's failure. What the broker says of living sessions too is doubtful: only another look can tell. */
export function verdictOf(
  account: AccountName,
  { status, body }: Pick<Failure, 'status' | 'body'>,
  now: number,
): Verdict {
  const { isDoubtful } = brokers[brokerOf(account)].signs;
  if (isDoubtful?.(body, istClock(now).minutes)) return 'doubtful';
  return isEnd(account, { status, body }) ? 'ended' : 'nothing';
}

/** True where a failure is the broker's word for an ended session, whether or not it says the same of living ones. */
export function isEnd(account: AccountName, { status, body }: Pick<Failure, 'status' | 'body'>): boolean {
  const { classify, endsBy401 = false } = brokers[brokerOf(account)].signs;
  // An answer that is no JSON is a firewall's.
  return (endsBy401 && status === 401 && body !== null) || classify(status, body) === 'auth-required';
}

/** True where Kite says that this app may not make the call: a free *Personal* app has no market data. */
export function isPermission(body: unknown): boolean {
  return textOf(body, 'error_type') === 'PermissionException';
}
