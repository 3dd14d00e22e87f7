import { brokers } from '../../shared/brokers/index.ts';
import type { BrokerId } from '../../shared/contract.ts';
import type { AccountForm } from '../accounts/settings.ts';
import { say } from '../base/words.ts';
import { findInKey } from './api-key.ts';
import { findInRedirect } from './redirect-url.ts';

/** What the doctor looks at: the fields in which people go wrong. */
export type Typed = Pick<AccountForm, 'apiKey' | 'redirectUrl' | 'mode'>;

/** Everything that is known to go wrong in these fields. */
export type Mistake =
  | 'key_pairing'
  | 'key_login_url'
  | 'key_url'
  | 'key_env'
  | 'key_blank'
  | 'key_end_blank'
  | 'key_encoded'
  | 'key_user'
  | 'key_secret'
  | 'key_letters'
  | 'key_own'
  | 'key_long'
  | 'url_env'
  | 'url_blank'
  | 'url_scheme'
  | 'url_user'
  | 'url_fragment'
  | 'url_login'
  | 'url_token'
  | 'url_https'
  | 'url_backend'
  | 'url_callback'
  | 'url_dummy'
  | 'url_open';

/**
 * One mistake. `wrong`: it cannot work like this. `doubt`: it may be meant, so a person is asked once. `fix` is what to
 * put instead, only where that is safe to guess.
 */
export interface Finding {
  field: 'apiKey' | 'redirectUrl';
  code: Mistake;
  severity: 'wrong' | 'doubt';
  /** The broker whose own sentence tells it. */
  broker?: BrokerId;
  fix?: Partial<Typed>;
}

/** What else is known: where the token goes, or null. */
export interface Around {
  destination: string | null;
}

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
