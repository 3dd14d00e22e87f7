import type { RefusalReason } from '../../../utils/shared/contract.ts';
import type { BrokerApi } from '../brokers/client.ts';
import type { AccountName } from '../config/account-name.ts';
import type { Channel, Message, Why } from '../reminders/message.ts';
import type { BackendKind } from '../reminders/words.ts';
import type { Place } from '../store/tables/alert-marks.ts';
import { type Cause, causeOf } from './cause.ts';

/** All that this backend ever logs. Reasons are closed unions, numbers, codes and our own lines: no text of a request, of a broker or of a token fits. */
export type LogEvent =
  | { event: 'backend.started'; port: number; accounts: number }
  | { event: 'backend.exposed'; port: number }
  | { event: 'account.left_out'; account: AccountName; variables: readonly string[] }
  | { event: 'backend.stopped' }
  | { event: 'delivery.interrupted'; account: AccountName; kind: 'one-time' | 'day' }
  | { event: 'session.refused'; account: AccountName | null; reason: RefusalReason }
  | { event: 'session.dry_run'; account: AccountName }
  | { event: 'session.replayed'; account: AccountName }
  | { event: 'session.applied'; account: AccountName; generation: number; ms: number }
  | { event: 'session.taken_over'; account: AccountName; generation: number }
  | { event: 'session.taken_up'; account: AccountName; outcome: 'applied' | 'known' | 'refused' | 'unavailable' }
  | { event: 'session.verified'; account: AccountName; generation: number; attempts: number }
  | { event: 'session.not_verified_yet'; account: AccountName; generation: number; attempts: number }
  | { event: 'session.rejected'; account: AccountName; generation: number; by: 'profile' | 'user' | 'operation' }
  | { event: 'session.unreadable'; account: AccountName }
  | { event: 'feed.subscribed'; account: AccountName }
  | { event: 'feed.live'; account: AccountName }
  | { event: 'feed.down'; account: AccountName; reason: 'refused' | 'lost'; failures: number }
  | { event: 'feed.stopped'; account: AccountName; reason: 'refusals' | 'expired' | 'no_market_data' }
  | { event: 'job.parked'; account: AccountName; job: number }
  | { event: 'feed.gap'; account: AccountName }
  | { event: 'job.confirmed'; account: AccountName; job: number }
  | { event: 'job.taken_over'; account: AccountName; job: number; acts: boolean }
  | { event: 'job.finished'; account: AccountName; job: number; state: JobEnd }
  | ({ event: 'pulse.failed' } & Cause)
  | { event: 'broker.called'; account: AccountName; call: CallName; outcome: CallOutcome; ms: number }
  | ({ event: 'request.failed' } & Cause)
  | { event: 'admin.signed_in' }
  | { event: 'admin.refused' }
  | { event: 'operation.triggered'; account: AccountName; outcome: 'done' | 'failed' | 'auth_required' }
  | { event: 'env.saved'; account: AccountName; outcome: 'saved' | 'unchanged' | 'refused' | 'failed' }
  | { event: 'fallback.on' }
  | { event: 'fallback.off' }
  | { event: 'alert'; account: AccountName; alert: AlertKind }
  | { event: 'alert.not_sent'; alert: AlertKind; why: Why }
  | { event: 'reminder.due'; account: AccountName; kind: BackendKind; place: Place }
  | { event: 'reminder.sent'; account: AccountName; kind: Message['kind']; channel: Channel['name'] }
  | { event: 'reminder.not_sent'; account: AccountName; kind: Message['kind']; channel: Channel['name']; why: Why };

export type AlertKind = 'expiring' | 'renewal_failed' | 'renewal_failing' | 'on_fallback' | 'renewed';

type JobEnd = 'done' | 'failed' | 'stale' | 'cancelled' | 'needs_confirmation';

/** What this backend asks of a broker. */
export type CallName = 'exchange' | 'consent' | keyof BrokerApi;
export const CALL_OUTCOMES = ['ok', 'auth_required', 'configuration', 'rate_limited', 'no_answer', 'failed'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

export type Log = (event: LogEvent) => void;

/** True for what anybody can send without end: it is counted, and neither written nor shown. */
export const isOfFlood = (event: LogEvent): boolean =>
  event.event === 'session.refused' && event.account === null && event.reason === 'rate_limited';

/** Tells why a turn of the pulse failed. */
export const pulseFailed =
  (log: Log) =>
  (error: unknown): void =>
    log({ event: 'pulse.failed', ...causeOf(error) });

/** Calls each of them with every event. */
export function toAll(...logs: readonly Log[]): Log {
  return (event) => {
    for (const log of logs) log(event);
  };
}
