import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { isAbsentOr } from './names.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

export const zerodhaSigns: Signs = {
  hint: /TokenException/,
  classify(status, body) {
    if (saysAuthRequired(body) || passesEndedSessionOn(status, body)) return 'auth-required';
    return textOf(body, 'error_type') === '' ? 'unknown' : 'not-auth';
  },
  // 2026-11: the ends of Kite's flush as users saw it: from 05:20, a TokenException only by 07:50.
  // https://kite.trade/docs/connect/v3/exceptions/ names the two errors.
  isDoubtful: (body, minutes) =>
    textOf(body, 'error_type') === 'PermissionException' && minutes >= 5 * 60 && minutes < 8 * 60,
};

export const zerodha: Broker = {
  id: 'zerodha',
  name: 'Zerodha',
  confirmedOn: null,
  namesUser: true,
  variables: { prefix: 'ZERODHA', more: [] },
  console: { url: 'https://developers.kite.trade/apps', field: 'Redirect URL', key: 'API key' },
  hosts: ['kite.zerodha.com'],
  loginUrl({ apiKey, state }) {
    const login = `https://kite.zerodha.com/connect/login?v=3&api_key=${encodeURIComponent(apiKey)}`;
    if (state === null) return login;
    const extra = new URLSearchParams({ ob_state: state }).toString();
    return `${login}&redirect_params=${encodeURIComponent(extra)}`;
  },
  // 2026-11: "The user is not enabled for the app." stands there without a redirect; the log-out is used widely and documented
  // nowhere. https://kite.trade/forum
  lastStep: '/connect/finish',
  logOutUrl: 'https://kite.zerodha.com/logout',
  needsConsent: false,
  apiKeyIn: (url) => (url.pathname === '/connect/login' ? url.searchParams.get('api_key') : null),
  // 2026-11: keys of Kite Connect have 16 letters and digits, secrets 32.
  // https://kite.trade/docs/connect/v3/
  doubt(apiKey) {
    if (/^[A-Za-z]{2,3}\d{4}$/.test(apiKey)) return 'user';
    if (/^[a-z0-9]{32}$/i.test(apiKey)) return 'secret';
    return /^[a-z0-9]+$/i.test(apiKey) ? null : 'letters';
  },
  keyMayEndBlank: false,
  token: {
    kind: 'one-time',
    shown: 'request_token',
    names: ['requesttoken'],
    pattern: /^[A-Za-z0-9]{16,64}$/,
    glob: '*request_token=*',
    // 2026-11: "a few minutes" by https://kite.trade/docs/connect/v3/user/; two of them are safe to promise.
    lifeMs: 120 * SECOND,
  },
  companions: [],
  adds: ['action', 'type', 'status'],
  // 2026-11: 06:00 IST by the documentation, flushed between 07:00 and 07:30 by staff answers.
  // https://kite.trade/docs/connect/v3/user/ and https://kite.trade/forum
  session: { at: { hour: 6, minute: 0 }, suspectUntil: { hour: 7, minute: 30 } },
  // 2026-11: quotes once a second, the slowest of its limits, https://kite.trade/docs/connect/v3/exceptions/#api-rate-limit.
  paceMs: SECOND,
  stateParameter: 'ob_state',
  mayAddSlash: false,
  schemeless: () => null,
  arrives: 'header',
  isLogin: (parameters) =>
    isAbsentOr(parameters, 'status', 'success') &&
    isAbsentOr(parameters, 'action', 'login') &&
    isAbsentOr(parameters, 'type', 'login'),
  signs: zerodhaSigns,
};
