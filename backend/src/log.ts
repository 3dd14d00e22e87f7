import type { BrokerId, RefusalReason } from '../../utils/domain/contract.ts';

/** All that this backend ever logs. Reasons are closed unions and numbers: no text of a request, of a broker or of a token fits. */
export type LogEvent =
  | { event: 'backend.started'; port: number; accounts: number }
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
  | { event: 'feed.stopped'; account: BrokerId; reason: 'refusals' | 'expired' }
  | { event: 'job.parked'; account: BrokerId; job: number }
  | { event: 'feed.gap'; account: BrokerId }
  | { event: 'job.confirmed'; account: BrokerId; job: number }
  | { event: 'job.taken_over'; account: BrokerId; job: number; acts: boolean }
  | {
      event: 'job.finished';
      account: BrokerId;
      job: number;
      state: 'done' | 'failed' | 'stale' | 'cancelled' | 'needs_confirmation';
    }
  | { event: 'pulse.failed' }
  | { event: 'request.failed' };

export type Log = (event: LogEvent) => void;

/** One line: `2026-11-21T03:20:00.000Z session.applied account=zerodha generation=3 ms=120`. */
export function logLine({ event, ...fields }: LogEvent, now: number): string {
  const words = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return [new Date(now).toISOString(), event, ...words].join(' ');
}
