import type { BrokerId, RefusalReason } from '../../../utils/shared/contract.ts';
import type { BrokerApi } from '../brokers/client.ts';
import type { Channel, Message, Why } from '../reminders/message.ts';
import type { BackendKind } from '../reminders/words.ts';
import type { Place } from '../store/tables/alert-marks.ts';
import { type Cause, causeOf } from './cause.ts';

/** All that this backend ever logs. Reasons are closed unions, numbers, codes and our own lines: no text of a request, of a broker or of a token fits. */
export type LogEvent =
  | { event: 'backend.started'; port: number; accounts: number }
  | { event: 'backend.exposed'; port: number }
  | { event: 'backend.stopped' }
  | { event: 'delivery.interrupted'; account: BrokerId; kind: 'one-time' | 'day' }
  | { event: 'session.refused'; account: BrokerId | null; reason: RefusalReason }
  | { event: 'session.dry_run'; account: BrokerId }
  | { event: 'session.replayed'; account: BrokerId }
  | { event: 'session.applied'; account: BrokerId; generation: number; ms: number }
  | { event: 'session.taken_over'; account: BrokerId; generation: number }
  | { event: 'session.taken_up'; account: BrokerId; outcome: 'applied' | 'known' | 'refused' | 'unavailable' }
  | { event: 'session.verified'; account: BrokerId; generation: number; attempts: number }
  | { event: 'session.not_verified_yet'; account: BrokerId; generation: number; attempts: number }
  | { event: 'session.rejected'; account: BrokerId; generation: number; by: 'profile' | 'user' | 'operation' }
  | { event: 'session.unreadable'; account: BrokerId }
  | { event: 'feed.subscribed'; account: BrokerId }
  | { event: 'feed.live'; account: BrokerId }
  | { event: 'feed.down'; account: BrokerId; reason: 'refused' | 'lost'; failures: number }
  | { event: 'feed.stopped'; account: BrokerId; reason: 'refusals' | 'expired' | 'no_market_data' }
  | { event: 'job.parked'; account: BrokerId; job: number }
  | { event: 'feed.gap'; account: BrokerId }
  | { event: 'job.confirmed'; account: BrokerId; job: number }
  | { event: 'job.taken_over'; account: BrokerId; job: number; acts: boolean }
  | { event: 'job.finished'; account: BrokerId; job: number; state: JobEnd }
  | ({ event: 'pulse.failed' } & Cause)
  | { event: 'broker.called'; account: BrokerId; call: CallName; outcome: CallOutcome; ms: number }
  | ({ event: 'request.failed' } & Cause)
  | { event: 'admin.signed_in' }
  | { event: 'admin.refused' }
  | { event: 'operation.triggered'; account: BrokerId; outcome: 'done' | 'failed' | 'auth_required' }
  | { event: 'env.saved'; account: BrokerId; outcome: 'saved' | 'unchanged' | 'refused' | 'failed' }
  | { event: 'fallback.on' }
  | { event: 'fallback.off' }
  | { event: 'alert'; account: BrokerId; alert: AlertKind }
  | { event: 'alert.not_sent'; alert: AlertKind }
  | { event: 'reminder.due'; account: BrokerId; kind: BackendKind; place: Place }
  | { event: 'reminder.sent'; account: BrokerId; kind: Message['kind']; channel: Channel['name'] }
  | { event: 'reminder.not_sent'; account: BrokerId; kind: Message['kind']; channel: Channel['name']; why: Why };

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
