import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { saysAuthRequired } from './verdict.ts';

export const paytmSigns: Signs = {
  // No words of its refusals are documented, so only the general ones count in a page.
  hint: /auth_required/,
  endsBy401: true,
  classify(status, body) {
    return saysAuthRequired(body) || passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
  },
};

// 2026-11: https://developer.paytmmoney.com/docs
export const paytm: Broker = {
  ...USUAL,
  id: 'paytm',
  name: 'Paytm Money',
  variables: { prefix: 'PAYTM', more: [] },
  console: { url: 'https://developer.paytmmoney.com', field: 'Redirect URL', key: 'API Key' },
  hosts: ['login.paytmmoney.com'],
  loginUrl({ apiKey, state }) {
    const mark = state === null ? '' : `&state=${encodeURIComponent(state)}`;
    return `https://login.paytmmoney.com/merchant-login?apiKey=${encodeURIComponent(apiKey)}${mark}`;
  },
  apiKeyIn: ({ hostname, pathname, searchParams }) =>
    hostname === 'login.paytmmoney.com' && pathname === '/merchant-login' ? searchParams.get('apiKey') : null,
  token: {
    kind: 'one-time',
    shown: 'requestToken',
    // Its older form is request_token.
    names: ['requesttoken'],
    pattern: ANY_CODE,
    glob: '*request?token=*',
    // Not documented; two minutes are safe to promise.
    lifeMs: 120 * SECOND,
  },
  // 2026-11: the hour is not documented.
  session: { at: { hour: 6, minute: 0 } },
  stateParameter: 'state',
  // 2026-11: the exchange names none, and the fields of its user details are not documented.
  namesUser: false,
  signs: paytmSigns,
};
