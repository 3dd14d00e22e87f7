import type { SessionFacts } from '../../../utils/domain/session/facts.ts';
import { healthDue } from '../../../utils/domain/session/health.ts';
import { plan } from '../../../utils/domain/session/plan.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import { account, facts, NOW, report, signed, world } from '../samples/samples.ts';

/**
 * Some hours with nothing to do but to ask live destinations how they are, by the product's own plan: how often the background
 * is woken, and when each account was asked. The accounts begin out of step, 40 s apart; the hour in which they fall into
 * step is not counted.
 */
export function rest(count: number, hours: number): { wakings: number; asked: number[][] } {
  const ids = Array.from({ length: count }, (_, at) => `account${at}`);
  const accounts = ids.map((id) => account({ id, name: id }));
  const destinations = ids.map((id, at) => signed({ id: `destination${at}`, account: id }));
  const fresh = (id: string, now: number, nextCheckAt: number): SessionFacts =>
    facts({ destination: id, provenAt: now, report: report({ at: now }), nextCheckAt });
  const known = new Map(destinations.map(({ id }, at) => [id, fresh(id, NOW, NOW + at * 40_000)]));
  const asked = new Map(ids.map((id): [string, number[]] => [id, []]));
  const from = NOW + 60 * MINUTE;
  let wakings = 0;
  for (let now = NOW; now < from + hours * 60 * MINUTE; ) {
    if (now >= from) wakings++;
    const look = () => plan(world({ now, accounts, destinations, facts: known }));
    for (const { account: to, destination } of look().calls) {
      if (now >= from) asked.get(to.id)?.push(now);
      known.set(destination.id, fresh(destination.id, now, healthDue(destination.id, now)));
    }
    now = look().wakeAt ?? Number.POSITIVE_INFINITY;
  }
  return { wakings, asked: [...asked.values()] };
}
