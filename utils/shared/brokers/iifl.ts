import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

export const iiflSigns: Signs = {
  hint: /EC044/,
  classify(status, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    const isRefusal = textOf(body, 'status') === 'Not_Ok';
    if (!isRefusal) return passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
    const said = ['errorCode', 'message'].map((field) => textOf(body, field));
    return status === 401 || said.some((one) => one.startsWith('EC044')) ? 'auth-required' : 'not-auth';
  },
};

// 2026-11: https://developers.iiflcapital.com
export const iifl: Broker = {
  ...USUAL,
  id: 'iifl',
  name: 'IIFL Capital',
  variables: { prefix: 'IIFL', more: [] },
  console: { url: 'https://developers.iiflcapital.com', field: 'Redirect URL', key: 'App Key' },
  hosts: ['markets.iiflcapital.com'],
  // It would take a redirect URL too, but to encode that broke the login of one project.
  loginUrl: ({ apiKey }) => `https://markets.iiflcapital.com/?v=1&appkey=${encodeURIComponent(apiKey)}`,
  apiKeyIn: ({ hostname, pathname, searchParams }) =>
    hostname === 'markets.iiflcapital.com' && pathname === '/' ? searchParams.get('appkey') : null,
  token: {
    kind: 'one-time',
    shown: 'authCode',
    // authCode, authcode, auth_code and code were seen.
    names: ['authcode', 'code'],
    pattern: ANY_CODE,
    glob: '*code=*',
    // Not documented; two minutes are safe to promise.
    lifeMs: 120 * SECOND,
  },
  companions: [{ name: 'clientId', names: ['clientid', 'clientcode'], pattern: /^[A-Za-z0-9]{2,40}$/ }],
  // 2026-11: every trading day, the hour is not documented.
  session: { at: { hour: 6, minute: 0 } },
  signs: iiflSigns,
};
