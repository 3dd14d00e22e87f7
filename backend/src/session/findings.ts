import { brokers } from '../../../utils/shared/brokers/index.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import type { Reply } from '../brokers/client.ts';
import { verdictOf } from '../brokers/verdict.ts';
import { brokerOf } from '../config/account-name.ts';
import type { Log, LogEvent } from '../log/log.ts';
import type { SessionRow } from '../store/tables/session.ts';
import type { Finding, Session, Sessions } from '../store/tables/sessions.ts';
import { sameUser } from './user.ts';

const RETRIES_MS = [SECOND, 2 * SECOND, 4 * SECOND];
// Over a minute: what a busy broker says of a living session is over by then.
const LOOKS = 4;

export interface Findings {
  sessions: Sessions;
  log: Log;
  now(): number;
}

/** Writes down what the broker answered when it was asked whether a session lives. `replaced`: there is a newer one by now. */
export async function recordCheck(
  { sessions, log, now }: Findings,
  session: Session,
  reply: Reply<{ user: string | null }>,
): Promise<'verified' | 'rejected' | 'unsure' | 'replaced'> {
  const { account } = session;
  const row = await sessions.row(account);
  const outdated = outdatedBy(row, session);
  if (outdated !== null) return outdated;
  const attempts = (row?.checks ?? 0) + 1;
  const { finding, event } = judge(session, reply, attempts, now());
  // Another call may have been answered since that look: then what it wrote holds, and this answer counts for nothing.
  if (!(await sessions.recordFinding(session, finding)))
    return outdatedBy(await sessions.row(account), session) ?? 'replaced';
  log(event);
  return finding.state;
}

function outdatedBy(row: SessionRow | null, { generation }: Session): 'rejected' | 'replaced' | null {
  if (row?.generation !== generation) return 'replaced';
  return row.state === 'rejected' ? 'rejected' : null;
}

function judge(
  { account, generation, user }: Session,
  reply: Reply<{ user: string | null }>,
  attempts: number,
  now: number,
): { finding: Finding; event: LogEvent } {
  const rejected = (problem: string, by: 'user' | 'profile') =>
    ({
      finding: { state: 'rejected', problem },
      event: { event: 'session.rejected', account, generation, by },
    }) as const;
  if (reply.ok && reply.value.user !== null && user !== null && !sameUser(reply.value.user, user))
    return rejected('the broker names another user for this session', 'user');
  if (reply.ok)
    return {
      finding: { state: 'verified', at: now },
      event: { event: 'session.verified', account, generation, attempts },
    };
  const verdict = verdictOf(account, reply, now);
  const isSettled =
    verdict === 'ended' || (verdict === 'doubtful' && brokers[brokerOf(account)].signs.doubtEnds && attempts > LOOKS);
  if (isSettled) return rejected(reply.words, 'profile');
  // After the quick retries a slow one goes on: the broker's outage must not need another login.
  const nextAt = now + (RETRIES_MS[attempts - 1] ?? MINUTE);
  return {
    finding: { state: 'unsure', problem: reply.words, nextAt },
    event: { event: 'session.not_verified_yet', account, generation, attempts },
  };
}

/** True, and written down, when the broker's answer to any other call says that the session is gone. */
export async function endedBy(
  { sessions, log, now }: Findings,
  session: Session,
  reply: Reply<unknown>,
): Promise<boolean> {
  const { account, generation } = session;
  const verdict = reply.ok ? 'nothing' : verdictOf(account, reply, now());
  // The session itself is asked about, and its own answer decides.
  if (verdict === 'doubtful') await sessions.wantCheck(account, now());
  if (reply.ok || verdict !== 'ended') return false;
  const isFirst = await sessions.recordFinding(session, { state: 'rejected', problem: reply.words });
  if (isFirst) log({ event: 'session.rejected', account, generation, by: 'operation' });
  return true;
}
