import { brokers } from '../../../utils/shared/brokers/index.ts';
import { GROWTH } from '../../../utils/shared/contract.ts';
import type { Account } from '../config/account.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { FeedKeeper } from '../feed/keeper.ts';
import type { JobLists } from '../store/tables/job-lists.ts';
import type { Sessions } from '../store/tables/sessions.ts';
import type { Outcome } from './outcome.ts';

export interface Reporter {
  sessions: Sessions;
  lists: JobLists;
  keeper: Pick<FeedKeeper, 'read'>;
  /** Takes a session up that another process applied, and has the broker asked in the background when its last answer is old. */
  refresh(account: AccountName): Promise<void>;
}

/** Answers `session.check` from what is stored and remembered. The broker is never waited for here. */
export async function report(
  { sessions, lists, keeper, refresh }: Reporter,
  account: Account,
  now: number,
): Promise<Outcome> {
  const { name } = account;
  await refresh(name);
  const session = await sessions.state(name, now);
  return {
    ok: true,
    type: 'session.report',
    account: name,
    session,
    feed: (await keeper.read(name))?.state,
    queue: await lists.report(name),
    // Only what is needed: a false here is shown to the person as something to set.
    configuration: { api_key: true, api_secret: true },
    understands: GROWTH.filter((one) => one !== 'session.consent' || brokers[brokerOf(name)].needsConsent),
  };
}
