import { brokers } from '../../../../utils/shared/brokers/index.ts';
import type { Clients } from '../../brokers/clients.ts';
import { type AccountName, brokerOf, labelOf } from '../../config/account-name.ts';
import { explain } from '../../config/problems.ts';
import type { Log } from '../../log/log.ts';
import type { Note, Operation } from '../../queue/operation.ts';
import { endedBy } from '../../session/findings.ts';
import type { ExecutionLine, ExecutionLogs } from '../../store/tables/execution-logs.ts';
import type { Sessions } from '../../store/tables/sessions.ts';

/** What the Django system answers, always with HTTP 200: a page looks into the body. */
export type Triggered =
  | { success: true; result: unknown; execution_log: ExecutionLine[] }
  | { success: false; auth_required: boolean; error: string; execution_log: ExecutionLine[]; login_url?: string };

export interface TriggerOptions {
  sessions: Sessions;
  clients: Clients;
  logs: ExecutionLogs;
  loginUrl(account: AccountName): string;
  log: Log;
  now(): number;
}

/**
 * Runs an operation at once for a page that waits for it. It is never parked: the page asks again after the login,
 * and both together would run it twice.
 */
export function createTrigger({ sessions, clients, logs, loginUrl, log, now }: TriggerOptions) {
  return async (operation: Operation, account: AccountName, input: unknown): Promise<Triggered> => {
    const prepared = operation.prepare(input);
    if (!prepared.ok)
      return { success: false, auth_required: false, error: explain(prepared.problems), execution_log: [] };
    const { params, run } = prepared.value;
    // The log of one person's attempt is no part of another's.
    const kept = labelOf(account) === null ? operation.name : `${operation.name} ${account}`;
    const lines = await logs.take(kept, params, now());
    const note: Note = (step, status, message) =>
      lines.push({ step, status, message, at: new Date(now()).toISOString() });
    if (lines.length > 0) note('Retry', 'info', 'Once more, after the login');

    const ended = async (words: string): Promise<Triggered> => {
      note('Session', 'error', words);
      await logs.keep(kept, params, lines, now());
      log({ event: 'operation.triggered', account, outcome: 'auth_required' });
      const { name } = brokers[brokerOf(account)];
      const error = `There is no living session at ${name}: log in again to go on.`;
      return { success: false, auth_required: true, error, execution_log: lines, login_url: loginUrl(account) };
    };

    const client = clients[account];
    if (!client) {
      const error = `${brokers[brokerOf(account)].name} is not set up here: set its API key and secret`;
      return { success: false, auth_required: false, error, execution_log: lines };
    }
    const session = await sessions.live(account, now());
    if (session === null) return ended('No session yet');
    const reply = await run(client.open(session.accessToken, session.dayToken, session.user), null, note);
    if (reply.ok) {
      log({ event: 'operation.triggered', account, outcome: 'done' });
      return { success: true, result: reply.value, execution_log: lines };
    }
    if (await endedBy({ sessions, log, now }, session, reply)) return ended('The broker has ended the session');
    log({ event: 'operation.triggered', account, outcome: 'failed' });
    return { success: false, auth_required: false, error: reply.words, execution_log: lines };
  };
}
