import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { fieldOf, numberOf, saysAuthRequired } from './verdict.ts';

export const fivepaisaSigns: Signs = {
  hint: /invalid session/i,
  // The verdict stands in the body of a 200.
  classify(httpStatus, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    const status = numberOf(fieldOf(body, 'body'), 'Status');
    if (status === null) return passesEndedSessionOn(httpStatus, body) ? 'auth-required' : 'unknown';
    if (status === 0) return 'unknown';
    return status === 9 ? 'auth-required' : 'not-auth';
  },
};

// 2026-11: https://xstream.5paisa.com/dev-docs
export const fivepaisa: Broker = {
  ...USUAL,
  id: 'fivepaisa',
  name: '5paisa',
  variables: { prefix: 'FIVEPAISA', more: ['APP_USER_ID'] },
  console: { url: 'https://xstream.5paisa.com/dashboard', field: 'Response URL', key: 'User Key' },
  hosts: ['dev-openapi.5paisa.com'],
  loginUrl({ apiKey, redirectUrl, state }) {
    const key = `VendorKey=${encodeURIComponent(apiKey)}&ResponseURL=${encodeURIComponent(redirectUrl)}`;
    const mark = state === null ? '' : `&State=${encodeURIComponent(state)}`;
    return `https://dev-openapi.5paisa.com/WebVendorLogin/VLogin/Index?${key}${mark}`;
  },
  apiKeyIn: ({ hostname, pathname, searchParams }) =>
    hostname === 'dev-openapi.5paisa.com' && pathname.toLowerCase() === '/webvendorlogin/vlogin/index'
      ? searchParams.get('VendorKey')
      : null,
  token: {
    kind: 'one-time',
    shown: 'RequestToken',
    names: ['requesttoken'],
    pattern: ANY_CODE,
    glob: '*request?token=*',
    // 2026-11: 60 minutes by the documentation, 30 s by its sample and its client.
    // https://www.5paisa.com/developerapi
    lifeMs: 30 * SECOND,
  },
  session: { at: { hour: 23, minute: 59 } },
  // Sent as State, it comes back as state.
  stateParameter: 'state',
  signs: fivepaisaSigns,
};
