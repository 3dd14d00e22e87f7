import { brokers } from '../../../utils/domain/brokers/index.ts';
import type { BrokerId } from '../../../utils/domain/contract.ts';
import { MINUTE, SECOND } from '../../../utils/domain/time.ts';
import type { Log } from '../log.ts';
import type { CheckClaims } from '../store/checks.ts';
import { doubtUntil } from '../store/session.ts';
import type { Session, Sessions } from '../store/sessions.ts';
import type { BrokerClient } from './client.ts';
import { sameUser } from './user.ts';

const RETRIES_MS = [SECOND, 2 * SECOND, 4 * SECOND];

export interface CheckOptions {
  sessions: Sessions;
  claims: CheckClaims;
  clients: Record<BrokerId, BrokerClient | null>;
  /** Called after each answer of the broker about a session. */
  answered(account: BrokerId): void;
  log: Log;
  now(): number;
}

export type Checks = ReturnType<typeof createChecks>;

/** Asks the broker whether a session lives: when it is due, and of all processes one alone. */
export function createChecks({ sessions, claims, clients, answered, log, now }: CheckOptions) {
  const asking = new Set<BrokerId>();
  let isStopping = false;

  function pulse(account: BrokerId): void {
    if (isStopping || asking.has(account) || !claims.take(account, now())) return;
    const session = sessions.live(account, now());
    if (session === null) return;
    asking.add(account);
    void ask(session)
      .catch(() => log({ event: 'pulse.failed' }))
      .finally(() => asking.delete(account));
  }

  async function ask(session: Session): Promise<void> {
    const { account, generation, user } = session;
    const reply = await clients[account]?.open(session.accessToken, session.dayToken).verify();
    if (isStopping || reply === undefined) return;
    const row = sessions.row(account);
    if (row?.generation !== generation) return;
    const attempts = row.checks + 1;
    if (reply.ok && reply.value.user !== null && !sameUser(reply.value.user, user)) {
      sessions.find(session, { state: 'rejected', problem: 'the broker names another user for this session' });
      log({ event: 'session.rejected', account, generation, by: 'user' });
    } else if (reply.ok) {
      const at = now();
      const doubted = doubtUntil({ ...row, verified_at: at });
      sessions.find(session, { state: 'verified', at, nextAt: doubted });
      log({ event: 'session.verified', account, generation, attempts });
    } else if (brokers[account].classify(reply.status, reply.body) === 'auth-required') {
      sessions.find(session, { state: 'rejected', problem: reply.words });
      log({ event: 'session.rejected', account, generation, by: 'profile' });
    } else {
      // After the quick retries a slow one goes on: the broker's outage must not need another login.
      const nextAt = now() + (RETRIES_MS[attempts - 1] ?? MINUTE);
      sessions.find(session, { state: 'unsure', problem: reply.words, nextAt });
      log({ event: 'session.not_verified_yet', account, generation, attempts });
    }
    answered(account);
  }

  return {
    pulse,
    /** Asks in the background, unless the broker answered within the last five minutes. */
    want(account: BrokerId): void {
      sessions.wantCheck(account, now());
    },
    /** What the broker still answers is not written down; the next start asks again. */
    stop(): void {
      isStopping = true;
    },
  };
}
