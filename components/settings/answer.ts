import type { Attempt, DeliveryRow } from '../../utils/domain/delivery-log.ts';
import type { AccountView } from '../../utils/domain/overview.ts';
import { SECOND } from '../../utils/domain/time.ts';
import { CONSEQUENCES, tellTrouble } from '../../utils/domain/trouble.ts';
import { formatNumber, say, sayCount } from '../../utils/domain/words.ts';
import type { Tone } from './pill.tsx';

/** How the redirect of each broker calls the token; it is the name that a person knows. */
const TOKENS = { zerodha: 'request_token', icici: 'apisession' };

/** What was sent. */
export function whatOf({ what, attempts }: DeliveryRow, { broker }: AccountView): string {
  if (what === 'delivery') return TOKENS[broker];
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

/** An answer in its own name: `applied`, `503 unavailable`. */
export function nameOf({ outcome, status }: Attempt): string {
  switch (outcome) {
    case 'applied':
    case 'accepted':
    case 'proven':
      return say(`deliveries_${outcome}`);
    default:
      return [status, outcome.replaceAll('_', ' ')].filter((one) => one !== null).join(' ');
  }
}

/** What an answer means, as a sentence; null for a good one. */
export function meaningOf({ outcome }: Attempt): string | null {
  if (outcome === 'applied' || outcome === 'accepted' || outcome === 'proven') return null;
  return tellTrouble(outcome);
}

function toneOf({ outcome }: Attempt, isLate: boolean): Tone {
  if (outcome === 'applied' || outcome === 'accepted' || outcome === 'proven') return isLate ? 'warn' : 'ok';
  const { then } = CONSEQUENCES[outcome];
  return then === 'retry' || then === 'prove' ? 'warn' : 'bad';
}

/** `412 ms`, `2.3 s`. */
export function took(ms: number): string {
  const [value, unit] = ms < SECOND ? [ms, 'millisecond'] : [ms / SECOND, 'second'];
  return formatNumber(value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 });
}
