import { forBreeze, offerBreezeAccounts } from './breeze.js';
import { get, NO_ANSWER, send } from './send.js';
import { byId, clock, pairs, say } from './show.js';

const LOOK_EVERY_MS = 15_000;
const WARN_SECONDS = 30 * 60;
const NAMES = {
  api_key: 'API key',
  api_secret: 'API secret',
  user_id: 'User id',
  password: 'Password',
  session_token: 'Session token',
};

/** Read on the broker's own page only, so here nothing is missing without them. */
const NOT_NEEDED = ['user_id', 'password'];

/** That there is no session is no fault before the day's login, and *refresh* would not bring one. */
function standing(session, status) {
  if (!session.active) return ['no session', ''];
  if (status === 'needs_refresh' || session.expiresIn < WARN_SECONDS) return ['ends soon', 'warn'];
  return session.valid ? ['active', 'good'] : ['not confirmed yet', 'warn'];
}

function setting(name, isSet) {
  if (isSet) return 'set';
  return NOT_NEEDED.includes(name) ? 'not needed here' : 'not set';
}

function show({ session, configuration, status, lastChecked }) {
  const [text, kind] = standing(session, status);
  byId('status').className = `badge ${kind}`;
  byId('status').textContent = text;
  byId('session').replaceChildren(
    ...pairs([
      ['Time left', session.active ? session.timeToExpiry : '–'],
      ['Ends', clock(session.expiresAt)],
      ['Confirmed by the broker', session.valid ? 'yes' : 'no'],
      ['Last checked', clock(lastChecked)],
    ]),
  );
  byId('configuration').replaceChildren(
    ...pairs(Object.entries(configuration).map(([name, isSet]) => [NAMES[name], setting(name, isSet)])),
  );
}

const look = async () => {
  const state = await get(forBreeze('api/session-manager')).catch(() => null);
  if (state !== null) show(state);
};

async function act(message, body) {
  const answer = await send(forBreeze('api/session-manager'), body).catch(() => ({ error: NO_ANSWER }));
  say(message, answer.success === true ? answer.message : answer.error, answer.success === true ? 'good' : 'bad');
  if (answer.session !== undefined) show(answer);
  return answer.success === true;
}

byId('refresh').addEventListener('click', async ({ currentTarget }) => {
  currentTarget.disabled = true;
  say('refresh-message', 'Asking the broker …');
  await act('refresh-message', { action: 'refresh' });
  byId('refresh').disabled = false;
});
byId('update').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (await act('update-message', { action: 'update', sessionToken: byId('token').value })) byId('token').value = '';
});

const { login } = await get('admin/me').catch(() => ({}));
byId('sign-in').hidden = login === undefined;
const { accounts = [] } = await get('status').catch(() => ({}));
offerBreezeAccounts(accounts);
byId('breeze-account').addEventListener('change', look);
await look();
setInterval(look, LOOK_EVERY_MS);
