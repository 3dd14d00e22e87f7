import { showLoginResult } from './login-results.js';
import { addressOf, NO_ANSWER, send } from './send.js';
import { say } from './show.js';

/** The one-time key stands behind the `#`, where no server, proxy or log sees it. */
async function signInWith(key, login) {
  history.replaceState(null, '', location.pathname);
  const { success, error } = await send('admin/key', { key }).catch(() => ({ error: NO_ANSWER }));
  if (success !== true) return say('notice', error, 'bad');
  location.replace(addressOf(login === null ? '.' : `api/auth/login?broker=${encodeURIComponent(login)}`));
}

const given = new URLSearchParams(location.hash.slice(1));
const key = given.get('key');
// `login` in this page's address names the account that is meant, or tells how a login ended.
const isMeant = document.querySelector('main').dataset.login !== undefined;
if (key !== null) await signInWith(key, given.get('login'));
else if (!isMeant) showLoginResult();
