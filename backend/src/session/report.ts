import type { BrokerId } from '../../../utils/domain/contract.ts';
import type { Account } from '../config.ts';
import type { Feed } from '../feed/feed.ts';
import type { Jobs } from '../store/jobs.ts';
import type { Sessions } from '../store/sessions.ts';
import type { Outcome } from './outcome.ts';

export interface Reporter {
  sessions: Sessions;
  jobs: Jobs;
  feeds: Record<BrokerId, Feed | null>;
}

/** Answers `session.check` from what is stored and remembered. The broker is never asked here. */
export function report({ sessions, jobs, feeds }: Reporter, account: Account, now: number): Outcome {
  const { name, user, redirectMode } = account;
  const session = sessions.state(name, now);
  return {
    ok: true,
    type: 'session.report',
    account: name,
    session,
    feed: feeds[name]?.state(),
    queue: jobs.report(name),
    configuration: {
      api_key: true,
      api_secret: true,
      user_named: user !== null,
      user_pinned: sessions.pin(name) !== null,
      seal: redirectMode === 'seal',
    },
  };
}
