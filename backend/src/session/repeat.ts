import type { Delivery } from '../store/tables/deliveries.ts';
import type { Sessions } from '../store/tables/sessions.ts';
import { type Outcome, refuse } from './outcome.ts';

export const IN_PROGRESS = refuse('in_progress', 'this delivery is being exchanged', 1);

/** The same answer again; a session as it is now, not as it was then. */
export async function repeated(
  { account, outcome, message }: Delivery,
  sessions: Sessions,
  now: number,
): Promise<Outcome> {
  if (outcome === 'running') return IN_PROGRESS;
  if (outcome !== 'applied') return refuse(outcome, message ?? 'refused before');
  return { ok: true, type: 'session.applied', status: 'replayed', session: await sessions.state(account, now) };
}
