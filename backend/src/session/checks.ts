import type { Clients } from '../brokers/clients.ts';
import type { AccountName } from '../config/account-name.ts';
import { type Log, pulseFailed } from '../log/log.ts';
import type { CheckClaims } from '../store/tables/checks.ts';
import type { Session, Sessions } from '../store/tables/sessions.ts';
import { recordCheck } from './findings.ts';

export interface CheckOptions {
  sessions: Sessions;
  claims: CheckClaims;
  clients: Clients;
  /** Called after each answer of the broker about a session. */
  answered(account: AccountName): void;
  log: Log;
  now(): number;
}

export type Checks = ReturnType<typeof createChecks>;

/** Asks the broker whether a session lives: when it is due, and of all processes one alone. */
export function createChecks({ sessions, claims, clients, answered, log, now }: CheckOptions) {
  const asking = new Set<AccountName>();
  let isStopping = false;

  async function pulse(account: AccountName): Promise<void> {
    if (isStopping || asking.has(account) || !(await claims.take(account, now()))) return;
    const session = await sessions.live(account, now());
    if (session === null) return;
    asking.add(account);
    void ask(session)
      .catch(pulseFailed(log))
      .finally(() => asking.delete(account));
  }

  async function ask(session: Session): Promise<void> {
    const { account } = session;
    const reply = await clients[account]?.open(session.accessToken, session.dayToken, session.user).verify();
    if (isStopping || reply === undefined) return;
    if ((await recordCheck({ sessions, log, now }, session, reply)) === 'replaced') return;
    answered(account);
  }

  return {
    pulse,
    /** Asks in the background, unless the broker answered within the last five minutes. */
    want: (account: AccountName): Promise<void> => sessions.wantCheck(account, now()),
    /** What the broker still answers is not written down; the next start asks again. */
    stop(): void {
      isStopping = true;
    },
  };
}
