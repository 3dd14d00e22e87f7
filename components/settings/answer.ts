import { formatNumber, say, sayCount } from '../../utils/domain/base/words.ts';
import { CONSEQUENCES, type TroubleCode, tellTrouble } from '../../utils/domain/delivery/trouble.ts';
import type { Attempt, DeliveryRow } from '../../utils/domain/records/delivery-log.ts';
import type { RouteView } from '../../utils/domain/view/overview.ts';
import { brokers } from '../../utils/shared/brokers/index.ts';
import { SECOND } from '../../utils/shared/time.ts';
import type { Tone } from '../ui/pill.tsx';

/** What was sent. */
export function whatOf({ what, attempts }: DeliveryRow, { broker }: RouteView): string {
  if (what === 'delivery') return brokers[broker].token.shown;
  return attempts.length > 1 ? sayCount('deliveries_proofs', attempts.length) : say('deliveries_proof');
}

/** What became of it in a few words: the last answer, with the one before where that was another. */
export function answerOf({ attempts, waits }: DeliveryRow): { tone: Tone; text: string } {
  const last = attempts.at(-1);
  if (!last) return { tone: 'idle', text: say(`deliveries_${waits ?? 'waiting'}`) };
  const before = attempts.findLast((one) => nameOf(one) !== nameOf(last));
  const text = before ? say('deliveries_then', nameOf(before), nameOf(last)) : nameOf(last);
  return { tone: toneOf(last, before !== undefined), text };
}

/** An answer in a few words: `applied`, or with its HTTP status where that says more: `503 broker not available`. */
export function nameOf({ outcome, status }: Attempt): string {
  const name = say(`answer_${outcome}`);
  return isGood(outcome) || status === null ? name : say('answer_with_status', status, name);
}

/** What an answer means: a sentence, and the code by which programs know it; null for a good one. */
export function meaningOf({ outcome }: Attempt): { says: string; code: TroubleCode } | null {
  return isGood(outcome) ? null : { says: tellTrouble(outcome), code: outcome };
}

function toneOf({ outcome }: Attempt, isLate: boolean): Tone {
  if (isGood(outcome)) return isLate ? 'warn' : 'ok';
  const { then } = CONSEQUENCES[outcome];
  return then === 'retry' || then === 'prove' ? 'warn' : 'bad';
}

type Good = Exclude<Attempt['outcome'], TroubleCode>;
function isGood(outcome: Attempt['outcome']): outcome is Good {
  return outcome === 'applied' || outcome === 'accepted' || outcome === 'proven';
}

/** `412 ms`, `2.3 s`. */
export function took(ms: number): string {
  const [value, unit] = ms < SECOND ? [ms, 'millisecond'] : [ms / SECOND, 'second'];
  return formatNumber(value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 });
}
