import { brokers } from '../../../../utils/shared/brokers/index.ts';
import type { BrokerId, FeedState, QueueState, SessionState } from '../../../../utils/shared/contract.ts';
import type { Alert } from '../../compat/nextjs/alerts.ts';
import type { Usage } from '../../compat/nextjs/usage.ts';
import type { Account } from '../../config/account.ts';
import { type AccountName, brokerOf, labelOf } from '../../config/account-name.ts';
import type { BrokenAccount } from '../../config/config.ts';
import { explain } from '../../config/problems.ts';
import type { FeedKeeper, KnownFeed } from '../../feed/keeper.ts';
import type { JobLists } from '../../store/tables/job-lists.ts';
import type { Sessions } from '../../store/tables/sessions.ts';
import { type Freshness, freshness } from './freshness.ts';

interface Named {
  account: AccountName;
  broker: BrokerId;
  /** The broker's name. */
  name: string;
  /** What tells it from the broker's first account; null for that one. */
  label: string | null;
}

/** Where everything stands, without a secret: what the page shows. */
export interface Snapshot {
  fallback: { configured: boolean; active: boolean; source: string };
  accounts: (Named & {
    session: SessionState;
    /** `held_by`: the number of the process that has it, on its machine. */
    feed: (FeedState & { freshness: Freshness; held_by: { pid: number; this_process: boolean } | null }) | null;
    queue: Omit<QueueState, 'latest'>;
    configuration: { user_named: boolean; user_pinned: boolean; save_token_to_env: boolean };
  })[];
  /** Accounts that do not run, and the variables to mend. */
  left_out: (Named & { problems: string[] })[];
  services: Usage[];
  alerts: readonly Alert[];
}

export interface SnapshotOptions {
  accounts: readonly Account[];
  broken: readonly BrokenAccount[];
  hasFallback: boolean;
  savesToken: boolean;
  sessions: Sessions;
  lists: JobLists;
  keeper: FeedKeeper;
  isFallingBack(): boolean;
  services(): Usage[];
  alerts(): readonly Alert[];
}

export async function takeSnapshot(from: SnapshotOptions, now: number): Promise<Snapshot> {
  const accounts = await Promise.all(from.accounts.map((account) => accountOf(from, account, now)));
  return {
    fallback: { configured: from.hasFallback, active: from.isFallingBack(), source: 'Yahoo Finance' },
    accounts,
    left_out: from.broken.map(({ name, problems }) => ({
      ...nameOf(name),
      problems: problems.map((problem) => explain([problem])),
    })),
    services: from.services(),
    alerts: from.alerts(),
  };
}

async function accountOf(
  { sessions, lists, keeper, savesToken }: SnapshotOptions,
  { name, user }: Account,
  now: number,
) {
  const { latest: _latest, ...queue } = await lists.report(name);
  const feed = await keeper.read(name);
  return {
    ...nameOf(name),
    session: await sessions.state(name, now),
    feed:
      feed === null
        ? null
        : { ...feed.state, freshness: freshness(feed.state.last_tick_at, now), held_by: heldBy(feed) },
    queue,
    configuration: {
      user_named: user !== null,
      user_pinned: (await sessions.pin(name)) !== null,
      save_token_to_env: savesToken,
    },
  };
}

function nameOf(account: AccountName): Named {
  const broker = brokerOf(account);
  return { account, broker, name: brokers[broker].name, label: labelOf(account) };
}

function heldBy({ heldBy }: KnownFeed) {
  return heldBy === null ? null : { pid: heldBy.pid, this_process: heldBy.isThis };
}
