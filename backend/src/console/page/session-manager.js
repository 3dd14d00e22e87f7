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

function show({ session, configuration, status, lastChecked }) {
  const isWarning = status === 'active' && (session.expiresIn < WARN_SECONDS || !session.valid);
  const [text, kind] =
    status === 'needs_refresh' ? ['needs refresh', 'bad'] : isWarning ? ['warning', 'warn'] : ['active', 'good'];
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
    ...pairs(Object.entries(configuration).map(([name, isSet]) => [NAMES[name], isSet ? '✓ set' : '✗ not set'])),
  );
}

const look = async () => {
  const state = await get('api/session-manager').catch(() => null);
  if (state !== null) show(state);
};

async function act(message, body) {
  const answer = await send('api/session-manager', body).catch(() => ({ error: NO_ANSWER }));
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
await look();
setInterval(look, LOOK_EVERY_MS);
