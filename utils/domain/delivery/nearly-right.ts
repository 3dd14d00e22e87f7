import { isRecord } from '../../shared/brokers/verdict.ts';
import { flagsOf } from './flags.ts';

/** Parts of an answer that may be missing. Python and Go write null where a program means that. */
const OPTIONAL = ['feed', 'queue', 'configuration', 'understands', 'message'];

/**
 * An answer with what is meant by it: a session that lives is not lost for a null in place of nothing, nor for a detail
 * that is only shown. What counts stays as it is, to be judged.
 */
export function asMeant(answer: unknown): unknown {
  if (!isRecord(answer)) return answer;
  const parts = Object.entries(withoutNulls(answer, OPTIONAL));
  return Object.fromEntries(
    parts.map(([name, part]) => [name, isRecord(part) ? (MEANT.get(name)?.(part) ?? part) : part]),
  );
}

const MEANT: ReadonlyMap<string, (part: Record<string, unknown>) => Record<string, unknown>> = new Map([
  ['session', (session) => withoutNulls(session, ['suspect'])],
  ['queue', queueAsMeant],
  ['configuration', flagsOf],
]);

function queueAsMeant(queue: Record<string, unknown>): Record<string, unknown> {
  const { latest, ...counts } = withoutNulls(queue, ['stale', 'cancelled']);
  return { ...counts, latest: Array.isArray(latest) ? latest.map(inWholeMs) : latest };
}

/** Clocks that measure finely give fractions of a millisecond. */
function inWholeMs(job: unknown): unknown {
  return isRecord(job) && typeof job.took_ms === 'number' ? { ...job, took_ms: Math.round(job.took_ms) } : job;
}

function withoutNulls(fields: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== null || !names.includes(name)));
}
