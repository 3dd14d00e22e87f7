import { say } from '../base/words.ts';
import type { PlainDestination } from './settings.ts';

type Chosen = Pick<PlainDestination, 'authorization' | 'format' | 'login' | 'redirect' | 'status'>;

/** What a person gives up with a plain destination as they set it, in sentences for the settings. */
export function givesUp({ authorization, format, login = 'none', redirect = 'failure', status }: Chosen): string[] {
  return [
    say('gives_up_proof'),
    status ? say('gives_up_status') : '',
    authorization.kind === 'none' ? '' : say('gives_up_authorization'),
    format === 'query' ? say('gives_up_query') : '',
    redirect === 'taken' ? say('gives_up_redirect') : '',
    login === 'none' ? '' : say(`gives_up_login_${login}`),
  ].filter(Boolean);
}
