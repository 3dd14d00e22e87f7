import { byId, clock, element, pairs } from './show.js';

const SESSION = {
  none: ['no session yet', ''],
  exchanged: ['exchanged, not verified yet', 'warn'],
  verified: ['verified', 'good'],
  rejected: ['refused by the broker', 'bad'],
  expired: ['expired', 'bad'],
};
const FEED = {
  off: ['off', ''],
  connecting: ['connecting', 'warn'],
  subscribed: ['connected, no tick yet', 'warn'],
  live: ['live', 'good'],
  refused: ['refused', 'bad'],
  no_market_data: ['off: the app has no market data', 'warn'],
};
const FRESHNESS = {
  fresh: '',
  stale: ', and prices stand still',
  'pre-open': '; pre-open: prices that stand still until 09:15 are normal',
  closed: '; market closed',
};
const ALERTS = {
  expiring: 'ends in less than 30 minutes',
  renewal_failed: 'renewal failed',
  renewal_failing: 'renewal failed repeatedly',
  on_fallback: 'prices come from the fallback',
  renewed: 'renewed',
};

/** Shows a snapshot of the backend. */
export function showStatus({ accounts, left_out: leftOut, alerts, services }) {
  byId('sessions').replaceChildren(...accounts.map(account), ...leftOut.map(missing));
  const lines = alerts.map(({ alert, account, at }) => `${clock(at)}: ${account}, ${ALERTS[alert]}`);
  list('alerts', lines, 'None so far.');
  list(
    'services',
    services.map(
      ({ service, account, calls, last_used_at: at }) => `${service} (${account}): ${calls}, last ${clock(at)}`,
    ),
    'Nothing has used a session since the start.',
  );
}

const shown = (name, label) => (label === null ? name : `${name}: ${label}`);

/** An account that does not run: its variables say why, and never a value. */
function missing({ account: id, name, label, problems }) {
  return element(
    'div',
    { class: 'account', 'data-account': id },
    element(
      'div',
      { class: 'row' },
      element('h3', {}, shown(name, label)),
      element('span', { class: 'badge bad' }, 'left out'),
    ),
    element('ul', {}, ...problems.map((problem) => element('li', { class: 'bad' }, problem))),
    element('p', { class: 'hint' }, 'The other accounts run. Mend its variables and start the backend again.'),
  );
}

function account({ account: id, name, label, session, feed, configuration }) {
  const [says, kind] = SESSION[session.state];
  const user =
    session.user ?? (configuration.user_named || configuration.user_pinned ? 'known' : 'the first one that logs in');
  return element(
    'div',
    { class: 'account', 'data-account': id },
    element(
      'div',
      { class: 'row' },
      element('h3', {}, shown(name, label)),
      element('span', { class: `badge ${kind}` }, says),
    ),
    element(
      'dl',
      {},
      ...pairs([
        ['User', user],
        ['Ends', clock(session.expires_at)],
        ['Verified', clock(session.verified_at)],
        ['Feed', feed === null ? '–' : element('span', { class: FEED[feed.state][1] }, feedWords(feed))],
        ['Configuration', settings(configuration)],
        ...(session.suspect ? [['Until 07:30', 'the broker may still end it, and is asked again after that']] : []),
        ...(session.problem ? [['Problem', session.problem]] : []),
      ]),
    ),
    element(
      'a',
      { class: 'button', href: `api/auth/login?broker=${id}` },
      label === null ? `Log in at ${name}` : `Log in at ${name} for ${label}`,
    ),
  );
}

/** An account is here only where its key and secret are set; the rest is as its person likes it. */
function settings({ user_named: isNamed, save_token_to_env: isSaved }) {
  return [
    'API key and secret set',
    isNamed ? 'user named' : 'no user named',
    isSaved ? 'token saved to .env' : 'token kept here only',
  ].join(', ');
}

function feedWords({ state, freshness, problem }) {
  const about = state === 'live' || state === 'subscribed' ? FRESHNESS[freshness] : '';
  return `${FEED[state][0]}${about}${problem ? `: ${problem}` : ''}`;
}

function list(id, lines, none) {
  const shown = lines.length === 0 ? [none] : lines;
  byId(id).replaceChildren(...shown.map((line) => element('li', {}, line)));
}
