import { setTimeout as sleep } from 'node:timers/promises';
import { brokers } from '../../../utils/domain/brokers/index.ts';
import type { BrokerId } from '../../../utils/domain/contract.ts';
import { MINUTE, SECOND } from '../../../utils/domain/time.ts';
import type { Feed } from '../feed/feed.ts';
import type { Log } from '../log.ts';
import type { Session, Sessions } from '../store/sessions.ts';
import type { BrokerClient } from './client.ts';
import { sameUser } from './user.ts';

const RETRIES_MS = [SECOND, 2 * SECOND, 4 * SECOND];

export interface Renewer {
  sessions: Sessions;
  clients: Record<BrokerId, BrokerClient | null>;
  feeds: Record<BrokerId, Feed | null>;
  /** Called when the broker confirmed the session. */
  verified(account: BrokerId): void;
  log: Log;
  now(): number;
}

/** What follows a new session: the feed takes it at once, the broker is asked whether it lives, then the queue is released. */
export function createRenewal({ sessions, clients, feeds, verified, log, now }: Renewer) {
  const running = new Map<BrokerId, AbortController>();

  async function verify(session: Session, signal: AbortSignal): Promise<void> {
    const { account, generation, user } = session;
    const api = clients[account]?.open(session.accessToken);
    for (let attempts = 1; api !== undefined; attempts++) {
      const reply = await api.verify();
      if (signal.aborted || now() >= session.expiresAt) return;
      if (reply.ok) {
        if (reply.value.user !== null && !sameUser(reply.value.user, user)) {
          sessions.find(session, { state: 'rejected', problem: 'the broker names another user for this session' });
          return log({ event: 'session.rejected', account, generation, by: 'user' });
        }
        sessions.find(session, { state: 'verified', at: now() });
        log({ event: 'session.verified', account, generation, attempts });
        return verified(account);
      }
      if (brokers[account].classify(reply.status, reply.body) === 'auth-required') {
        sessions.find(session, { state: 'rejected', problem: reply.words });
        return log({ event: 'session.rejected', account, generation, by: 'profile' });
      }
      sessions.find(session, { state: 'unsure', problem: reply.words });
      log({ event: 'session.not_verified_yet', account, generation, attempts });
      // After the quick retries a slow one goes on: the broker's outage must not need another login.
      await sleep(RETRIES_MS[attempts - 1] ?? MINUTE, undefined, { signal });
    }
  }

  return {
    begin(session: Session): void {
      running.get(session.account)?.abort();
      const controller = new AbortController();
      running.set(session.account, controller);
      feeds[session.account]?.start(session);
      verify(session, controller.signal).catch((error: unknown) => {
        if (!controller.signal.aborted) throw error;
      });
    },
    stop(): void {
      for (const controller of running.values()) controller.abort();
    },
  };
}
