import { brokers } from '../../../utils/domain/brokers/index.ts';
import { MINUTE, SECOND } from '../../../utils/domain/time.ts';
import type { Log } from '../log.ts';
import type { Session, Sessions } from '../store/sessions.ts';
import type { Reply } from './client.ts';
import { sameUser } from './user.ts';

const RETRIES_MS = [SECOND, 2 * SECOND, 4 * SECOND];

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
  const { account, generation, user } = session;
  const row = await sessions.row(account);
  if (row?.generation !== generation) return 'replaced';
  if (row.state === 'rejected') return 'rejected';
  const attempts = row.checks + 1;
  if (reply.ok && reply.value.user !== null && !sameUser(reply.value.user, user)) {
    await sessions.find(session, { state: 'rejected', problem: 'the broker names another user for this session' });
    log({ event: 'session.rejected', account, generation, by: 'user' });
    return 'rejected';
  }
  if (reply.ok) {
    await sessions.find(session, { state: 'verified', at: now() });
    log({ event: 'session.verified', account, generation, attempts });
    return 'verified';
  }
  if (brokers[account].classify(reply.status, reply.body) === 'auth-required') {
    await sessions.find(session, { state: 'rejected', problem: reply.words });
    log({ event: 'session.rejected', account, generation, by: 'profile' });
    return 'rejected';
  }
  // After the quick retries a slow one goes on: the broker's outage must not need another login.
  const nextAt = now() + (RETRIES_MS[attempts - 1] ?? MINUTE);
  await sessions.find(session, { state: 'unsure', problem: reply.words, nextAt });
  log({ event: 'session.not_verified_yet', account, generation, attempts });
  return 'unsure';
}

/** True, and written down, when the broker's answer to any other call says that the session is gone. */
export async function endedBy(
  { sessions, log }: Omit<Findings, 'now'>,
  session: Session,
  reply: Reply<unknown>,
): Promise<boolean> {
  const { account, generation } = session;
  if (reply.ok || brokers[account].classify(reply.status, reply.body) !== 'auth-required') return false;
  await sessions.find(session, { state: 'rejected', problem: reply.words });
  log({ event: 'session.rejected', account, generation, by: 'operation' });
  return true;
}
