import { brokers } from '../../../utils/shared/brokers/index.ts';
import { textOf } from '../../../utils/shared/brokers/verdict.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { istClock } from '../../../utils/shared/time.ts';
import type { Failure } from './client.ts';

/** What a failed call says of the session: that it has ended, that it may have, or nothing. */
export type Verdict = 'ended' | 'doubtful' | 'nothing';

/** Judges a broker's failure. What the broker says of living sessions too is doubtful: only another look can tell. */
export function verdictOf(account: BrokerId, { status, body }: Pick<Failure, 'status' | 'body'>, now: number): Verdict {
  const { classify, isDoubtful } = brokers[account].signs;
  if (isDoubtful?.(body, istClock(now).minutes)) return 'doubtful';
  return classify(status, body) === 'auth-required' ? 'ended' : 'nothing';
}

/** True where Kite says that this app may not make the call: a free *Personal* app has no market data. */
export function isPermission(body: unknown): boolean {
  return textOf(body, 'error_type') === 'PermissionException';
}
