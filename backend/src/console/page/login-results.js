import { say } from './show.js';

const RESULTS = {
  applied: ['The login arrived, and the session is in use.', 'good'],
  no_token: ['That address carried no login of a broker.', 'bad'],
  which_account: [
    'Nobody can tell whose login that is, so no account got it. Begin it with a button of this page.',
    'bad',
  ],
  not_begun_here: ['That login did not begin here. Begin it with a button of this page.', 'bad'],
  already_used: ['That login was taken already. Log in again for a new one.', 'warn'],
  token_spent: ['The broker refuses that login: it is used up or too old. Log in again.', 'bad'],
  wrong_account: ['That login is of another user than its account is for.', 'bad'],
  configuration: ['The broker refuses the API key or secret of this backend.', 'bad'],
  in_progress: ['That login is being exchanged already.', 'warn'],
  superseded: ['A newer login is already in use.', 'warn'],
};

/** Tells how a login ended that led back here, and takes it out of the address. */
export function showLoginResult() {
  const query = new URLSearchParams(location.search);
  const result = query.get('login');
  if (result === null) return;
  say('notice', ...(RESULTS[result] ?? ['The login could not be taken. Try again in a moment.', 'bad']));
  history.replaceState(null, '', location.pathname);
}
