import { type Answer, type Asked, html, withQuery, worker } from '../message.ts';
import { bounce, follow, form, page } from '../page.ts';
import type { BreezePractice } from './practice.ts';

const LOGIN = '/apiuser/login';
const TRADE_LOGIN = '/apiuser/tradelogin';
const VALIDATE = '/apiuser/tradelogin/validateuser';

// A redirect URL without a scheme is relative to this folder: it lands on /apiuser/www.google.com.
const BASE = '<base href="/apiuser/">';

/** api.icicidirect.com/apiuser: login, bounce, credentials, and the page that carries the apisession away. */
export function login(breeze: BreezePractice, { method, path, query, body }: Asked): Answer {
  const sent = new URLSearchParams(body);
  const apiKey = (path === LOGIN ? query.get('api_key') : sent.get('AppKey')) ?? '';
  const app = breeze.faults.has('breeze.login.unknown-key') ? undefined : breeze.apps.get(apiKey);
  const step = `${method} ${path}`;
  if (path === '/worker.js') return worker();
  if (![`GET ${LOGIN}`, `POST ${TRADE_LOGIN}`, `POST ${VALIDATE}`].includes(step))
    return html(page('Page not found', ''), 404);
  if (app === undefined) return html(page('Public Key does not exist', ''));
  const key = { name: 'AppKey', value: apiKey };
  if (path === LOGIN) return html(page('One moment', bounce(TRADE_LOGIN, [key])));
  if (path === TRADE_LOGIN)
    return html(page('Log in to practice trading', form(VALIDATE, credentials(app.userId, key), 'Log in')));
  return html(
    page(
      'Logged in',
      BASE + departure(breeze, app.redirectUrl, breeze.issue(apiKey, sent.get('txtuid') || app.userId)),
    ),
  );
}

function credentials(userId: string, key: { name: string; value: string }) {
  return [
    key,
    { name: 'txtuid', label: 'User ID', value: userId },
    { name: 'txtPass', label: 'Password', value: 'practice', type: 'password' as const },
    { name: 'hiotp', label: 'One-time password', value: '000000' },
  ];
}

function departure({ shape }: BreezePractice, redirectUrl: string, apisession: string): string {
  const { delivery, spelling } = shape;
  if (delivery === 'get') return follow(withQuery(redirectUrl, [[spelling, apisession]]));
  const action =
    delivery === 'post' || delivery === 'text/plain'
      ? redirectUrl
      : withQuery(redirectUrl, [['apisession', apisession]]);
  return bounce(action, [{ name: spelling, value: apisession }], delivery === 'text/plain' ? delivery : undefined);
}
