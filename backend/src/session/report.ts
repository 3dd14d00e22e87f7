import { createHash } from 'node:crypto';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { GROWTH, type SessionCheck, type SessionReport } from '../../../utils/shared/contract.ts';
import type { Account } from '../config/account.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { FeedKeeper } from '../feed/keeper.ts';
import type { JobLists } from '../store/tables/job-lists.ts';
import type { Sessions } from '../store/tables/sessions.ts';
import type { Outcome } from './outcome.ts';
import type { Waits } from './waits.ts';

export interface Sources {
  sessions: Pick<Sessions, 'state'>;
  lists: Pick<JobLists, 'report'>;
  keeper: Pick<FeedKeeper, 'read'>;
  now(): number;
}

export interface Reporter extends Sources {
  /** Takes a session up that another process applied, and has the broker asked in the background when its last answer is old. */
  refresh(account: AccountName): Promise<void>;
  waits: Pick<Waits, 'hold'>;
}

/**
 * Answers `session.check` from what is stored and remembered. The broker is never waited for here. With a `wait` the answer
 * is held while it would tell the same; `gone` ends that.
 */
export async function report(
  deps: Reporter,
  { name }: Account,
  wait: SessionCheck['wait'],
  gone?: AbortSignal,
): Promise<Outcome> {
  await deps.refresh(name);
  const first = await told(deps, name);
  const revision = revisionOf(first);
  if (wait === undefined || revision !== wait.after) return answer(name, first, revision);
  const since = performance.now();
  const mayAgain = await deps.waits.hold(name, wait, gone);
  const last = await told(deps, name);
  const waited_ms = Math.round(performance.now() - since);
  return answer(name, last, mayAgain ? revisionOf(last) : undefined, waited_ms);
}

/** The revision of the report that an account would get now: the same in every process. */
export async function currentRevision(sources: Sources, account: AccountName): Promise<string> {
  return revisionOf(await told(sources, account));
}

type Told = Pick<SessionReport, 'session' | 'feed' | 'queue'>;

async function told({ sessions, lists, keeper, now }: Sources, account: AccountName): Promise<Told> {
  return {
    session: await sessions.state(account, now()),
    feed: (await keeper.read(account))?.state,
    queue: await lists.report(account),
  };
}

function answer(name: AccountName, parts: Told, revision?: string, waited_ms?: number): Outcome {
  return {
    ok: true,
    type: 'session.report',
    account: name,
    ...parts,
    // Only what is needed: a false here is shown to the person as something to set.
    configuration: { api_key: true, api_secret: true },
    understands: GROWTH.filter((one) => one !== 'session.consent' || brokers[brokerOf(name)].needsConsent),
    revision,
    waited_ms,
  };
}

/** A later tick of a live feed is no news. Processes may write the same fields in another order, and leave out what is null. */
function revisionOf(parts: Told): string {
  const text = JSON.stringify(parts, (field, value) => {
    if (field === 'last_tick_at' || value === null) return undefined;
    return Object(value) === value && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
  });
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
