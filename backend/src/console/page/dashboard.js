import { askForToken } from './dialog.js';
import { showQueue } from './queue.js';
import { csrfToken, get, NO_ANSWER, send } from './send.js';
import { byId, element, say } from './show.js';
import { showStatus } from './status.js';

const PRICES_EVERY_MS = 10_000;
const LOGIN = {
  applied: ['The login arrived, and the session is in use.', 'good'],
  no_token: ['That address carried no login of a broker.', 'bad'],
  not_begun_here: [
    'That login did not begin in this browser. Begin it here, or name your user id in the configuration.',
    'bad',
  ],
  token_spent: ['The broker refuses that login: it is used up or too old. Log in again.', 'bad'],
  wrong_account: ['That login is of another user than this backend is for.', 'bad'],
  configuration: ['The broker refuses the API key or secret of this backend.', 'bad'],
  in_progress: ['That login is being exchanged already.', 'warn'],
  superseded: ['A newer login is already in use.', 'warn'],
};

const runs = new Map();

/** One operation and its retry, as the page was asked for it. */
async function run(operation, params) {
  const button = document.querySelector(`[data-operation="${operation}"]`);
  // A second click while the first one waits must not run it twice.
  if (runs.has(operation)) return;
  runs.set(operation, params);
  button.disabled = true;
  say('answer', 'Running …');
  const answer = await send(`/trigger/${operation.replaceAll('_', '-')}/`, params).catch(() => ({ error: NO_ANSWER }));
  runs.delete(operation);
  button.disabled = false;
  showAnswer(operation, answer);
  if (answer.auth_required === true) askForToken(() => run(operation, params));
}

function showAnswer(operation, { success, error, login, result, execution_log: lines = [] }) {
  const items = lines.map(({ step, status, message }) =>
    element('li', { class: status === 'error' ? 'bad' : '' }, element('strong', {}, `${step}: `), message),
  );
  byId('execution-log').replaceChildren(...items);
  byId('result').hidden = success !== true;
  byId('result').textContent = success === true ? JSON.stringify(result, null, 2) : '';
  if (success !== true) {
    say('answer', error, 'bad');
    if (login) byId('answer').append(' ', element('a', { href: login }, 'Sign in'));
    return;
  }
  say('answer', 'Done.', 'good');
  if (result.needs_confirmation !== true) return;
  const confirm = element('button', { type: 'button' }, 'Confirm');
  confirm.addEventListener('click', () => run(operation, { confirmed: true }), { once: true });
  byId('answer').append(' It waits for your confirmation. ', confirm);
}

async function showPrices() {
  const answer = await get('/api/breeze-live-price?symbol=NIFTY,BANKNIFTY,SENSEX').catch(() => ({ error: NO_ANSWER }));
  const source = byId('price-source');
  const isLive = answer.success === true;
  source.className = `badge ${!isLive ? 'bad' : answer.fallback ? 'warn' : 'good'}`;
  source.textContent = !isLive ? 'no price' : answer.fallback ? `Fallback data: ${answer.source}` : answer.source;
  say('price-problem', isLive ? '' : answer.error, 'bad');
  if (!isLive) return;
  const rows = answer.prices.map(({ symbol, price, change_percent: change }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, symbol),
      element('td', { class: 'number' }, price.toFixed(2)),
      element('td', { class: 'number' }, change === null ? '–' : `${change > 0 ? '+' : ''}${change.toFixed(2)} %`),
    ),
  );
  byId('prices').replaceChildren(...rows);
}

function listen() {
  const events = new EventSource('/events');
  const connection = (text, kind) => {
    byId('connection').className = `badge ${kind}`;
    byId('connection').textContent = text;
  };
  events.addEventListener('open', () => connection('connected', 'good'));
  events.addEventListener('error', () => connection('not connected', 'bad'));
  events.addEventListener('snapshot', ({ data }) => {
    showStatus(JSON.parse(data));
    void showQueue();
  });
  events.addEventListener('log', ({ data }) => {
    const { event } = JSON.parse(data);
    // Fallback prices are left at once, not at the next round.
    if (event === 'session.verified' || event === 'session.rejected') void showPrices();
  });
}

async function showAdmin() {
  const { signed_in: isIn, error } = await get('/admin/me').catch(() => ({ error: NO_ANSWER }));
  byId('sign-in').hidden = isIn === true || error !== undefined;
  byId('sign-out').hidden = isIn !== true;
  byId('sign-out').elements.csrfmiddlewaretoken.value = csrfToken();
  if (error !== undefined) say('notice', `Operations and updates need the administrator: ${error}`, 'warn');
}

function showLogin() {
  const result = new URLSearchParams(location.search).get('login');
  if (result === null) return;
  say('notice', ...(LOGIN[result] ?? ['The login could not be taken. Try again in a moment.', 'bad']));
  history.replaceState(null, '', '/');
}

byId('update').addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = byId('manual-token');
  const answer = await send('/trigger/update-breeze-session/', { session_token: token.value }).catch(() => ({
    error: NO_ANSWER,
  }));
  if (answer.success === true) token.value = '';
  say(
    'update-message',
    answer.success === true ? answer.message : answer.error,
    answer.success === true ? 'good' : 'bad',
  );
});
for (const button of document.querySelectorAll('[data-operation]'))
  button.addEventListener('click', () => run(button.dataset.operation, {}));

await showAdmin();
showLogin();
listen();
void showPrices();
setInterval(showPrices, PRICES_EVERY_MS);
