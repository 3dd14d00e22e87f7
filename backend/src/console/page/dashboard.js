import { forBreeze, offerBreezeAccounts } from './breeze.js';
import { askForToken } from './dialog.js';
import { showLoginResult } from './login-results.js';
import { showQueue } from './queue.js';
import { addressOf, csrfToken, get, NO_ANSWER, send } from './send.js';
import { byId, element, say } from './show.js';
import { showStatus } from './status.js';

const PRICES_EVERY_MS = 10_000;
const RETRY_MS = 5_000;
const runs = new Map();

/** One operation and its retry, as the page was asked for it. */
async function run(operation, params) {
  const button = document.querySelector(`[data-operation="${operation}"]`);
  // A second click while the first one waits must not run it twice.
  if (runs.has(operation)) return;
  runs.set(operation, params);
  button.disabled = true;
  say('answer', 'Running …');
  const answer = await send(forBreeze(`trigger/${operation.replaceAll('_', '-')}/`), params).catch(() => ({
    error: NO_ANSWER,
  }));
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
    if (login) byId('answer').append(' ', element('a', { href: addressOf('admin/login') }, 'Sign in'));
    return;
  }
  say('answer', 'Done.', 'good');
  if (result.needs_confirmation !== true) return;
  const confirm = element('button', { type: 'button' }, 'Confirm');
  confirm.addEventListener('click', () => run(operation, { confirmed: true }), { once: true });
  byId('answer').append(' It waits for your confirmation. ', confirm);
}

async function showPrices() {
  const answer = await get('api/breeze-live-price?symbol=NIFTY,BANKNIFTY,SENSEX').catch(() => ({ error: NO_ANSWER }));
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
  const events = new EventSource(addressOf('events'));
  const connection = (text, kind) => {
    byId('connection').className = `badge ${kind}`;
    byId('connection').textContent = text;
  };
  events.addEventListener('open', () => connection('connected', 'good'));
  events.addEventListener('error', async () => {
    connection('not connected', 'bad');
    // A browser gives up on an answer that is no stream: after the sign-in has ended, or while a proxy finds nobody.
    if (events.readyState === EventSource.CLOSED && (await showAdmin())) setTimeout(listen, RETRY_MS);
  });
  events.addEventListener('snapshot', ({ data }) => {
    const status = JSON.parse(data);
    showStatus(status);
    offerBreezeAccounts(status.accounts);
    void showQueue();
  });
  events.addEventListener('log', ({ data }) => {
    const { event } = JSON.parse(data);
    // Fallback prices are left at once, not at the next round.
    if (event === 'session.verified' || event === 'session.rejected') void showPrices();
  });
}

/** Shows who is signed in; false: nobody is. */
async function showAdmin() {
  const { signed_in: isIn, login } = await get('admin/me').catch(() => ({}));
  byId('sign-in').hidden = login === undefined;
  byId('sign-out').hidden = isIn !== true;
  byId('sign-out').elements.csrfmiddlewaretoken.value = csrfToken();
  if (login !== undefined) say('notice', 'The sign-in has ended. Sign in again to go on.', 'warn');
  return login === undefined;
}

byId('update').addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = byId('manual-token');
  const answer = await send(forBreeze('trigger/update-breeze-session/'), { session_token: token.value }).catch(() => ({
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
showLoginResult();
listen();
void showPrices();
setInterval(showPrices, PRICES_EVERY_MS);
