import { brokers } from '../../shared/brokers/index.ts';
import type { BrokerId } from '../../shared/contract.ts';
import { say } from '../base/words.ts';
import { findInKey } from './api-key.ts';
import type { Around, Finding, Typed } from './finding.ts';
import { findInRedirect } from './redirect-url.ts';

/** The usual mistakes in what was typed for an account of a broker: at most one a field, the one to mend first. An empty field has none. */
export function examine(broker: BrokerId, typed: Typed, around: Around = { destination: null }): Finding[] {
  return [findInKey(broker, typed), findInRedirect(typed, around)].filter((one) => one !== null);
}

/** A finding in words. */
export function tellFinding({ code, fix, broker }: Finding): string {
  if (code === 'key_own') return broker ? say(`broker_${broker}`) : '';
  return say(`doctor_${code}`, fix?.redirectUrl ?? '');
}

/** What people go wrong with at a broker, and whether a real login confirmed what is known of it. */
export function tellBroker(broker: BrokerId): string {
  const { confirmedOn } = brokers[broker];
  const sure = confirmedOn === null ? say('broker_from_documentation') : say('broker_confirmed', confirmedOn);
  return `${say(`broker_${broker}`)} ${sure}`;
}

/** What the button that mends it says, or null where only a person can. */
export function tellFix({ fix }: Finding): string | null {
  if (fix?.redirectUrl !== undefined) return say('doctor_use', fix.redirectUrl);
  if (fix?.apiKey !== undefined) return say('doctor_use', fix.apiKey);
  if (fix?.mode === 'observe') return say('doctor_watch');
  return fix?.mode === 'seal' ? say('doctor_dummy') : null;
}
