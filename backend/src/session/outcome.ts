import type {
  Answer,
  RefusalReason,
  SessionApplied,
  SessionConsented,
  SessionReport,
} from '../../../utils/shared/contract.ts';

/** What a request comes to; the id and the time are added where it is signed. */
export type Outcome =
  | ({ ok: true } & Pick<SessionApplied, 'type' | 'status' | 'session'>)
  | ({ ok: true } & Omit<SessionReport, 'id' | 'server_time'>)
  | ({ ok: true } & Pick<SessionConsented, 'type' | 'consent'>)
  | Refusal;

export interface Refusal {
  ok: false;
  reason: RefusalReason;
  message?: string;
  retryAfterSeconds?: number;
}

export function refuse(reason: RefusalReason, message: string, retryAfterSeconds?: number): Refusal {
  return { ok: false, reason, message: message.slice(0, 200), retryAfterSeconds };
}

export function answerOf(outcome: Outcome, id: string, now: number): Answer {
  const server_time = new Date(now).toISOString();
  if (!outcome.ok)
    return { type: 'session.refused', id, reason: outcome.reason, message: outcome.message, server_time };
  const { ok: _ok, ...answer } = outcome;
  return { ...answer, id, server_time };
}
