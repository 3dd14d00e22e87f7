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
export function tellFinding({ code, fix }: Finding): string {
  return say(`doctor_${code}`, fix?.redirectUrl ?? '');
}

/** What the button that mends it says, or null where only a person can. */
export function tellFix({ fix }: Finding): string | null {
  if (fix?.redirectUrl !== undefined) return say('doctor_use', fix.redirectUrl);
  if (fix?.apiKey !== undefined) return say('doctor_use', fix.apiKey);
  if (fix?.mode === 'observe') return say('doctor_watch');
  return fix?.mode === 'seal' ? say('doctor_dummy') : null;
}
