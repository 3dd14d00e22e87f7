import type { BrokerId } from '../../shared/contract.ts';
import type { AccountForm } from '../accounts/settings.ts';

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
