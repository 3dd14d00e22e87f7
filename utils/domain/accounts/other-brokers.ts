import { say } from '../base/words.ts';

type Reason = 'live_token' | 'no_redirect';

// 2026-11: by each broker's own API documentation.
const OTHERS: readonly [name: string, why: Reason][] = [
  ['Angel One', 'live_token'],
  ['Definedge', 'no_redirect'],
  ['Groww', 'no_redirect'],
  ['Kotak Neo', 'no_redirect'],
  ['mStock', 'no_redirect'],
  ['Samco', 'no_redirect'],
];

/** The brokers that cannot be added, each with the reason. */
export function otherBrokers(): { name: string; says: string }[] {
  return OTHERS.map(([name, why]) => ({ name, says: say(`other_broker_${why}`, name) }));
}
