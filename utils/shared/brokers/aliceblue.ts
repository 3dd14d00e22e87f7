import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

export const aliceblueSigns: Signs = {
  hint: /EC087/,
  classify(status, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    const isRefusal = /^not_ok$/i.test(textOf(body, 'stat') || textOf(body, 'status'));
    if (!isRefusal) return passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
    const said = ['errorCode', 'emsg', 'message'].map((field) => textOf(body, field));
    return status === 401 || said.some((one) => one.startsWith('EC087')) ? 'auth-required' : 'not-auth';
  },
};

// 2026-11: https://v2api.aliceblueonline.com
export const aliceblue: Broker = {
  ...USUAL,
  id: 'aliceblue',
  name: 'AliceBlue',
  variables: { prefix: 'ALICEBLUE', more: [] },
  console: { url: 'https://a3.aliceblueonline.com', field: 'Redirect URL', key: 'App Code' },
  hosts: ['ant.aliceblueonline.com'],
  loginUrl: ({ apiKey }) => `https://ant.aliceblueonline.com/?appcode=${encodeURIComponent(apiKey)}`,
  apiKeyIn: ({ hostname, pathname, searchParams }) =>
    hostname === 'ant.aliceblueonline.com' && pathname === '/' ? searchParams.get('appcode') : null,
  token: {
    kind: 'one-time',
    shown: 'authCode',
    names: ['authcode'],
    pattern: ANY_CODE,
    glob: '*auth?code=*',
    // Not documented; two minutes are safe to promise.
    lifeMs: 120 * SECOND,
  },
  companions: [{ name: 'userId', names: ['userid'], pattern: /^[A-Za-z0-9]{2,40}$/ }],
  // 2026-11: daily, the hour is not documented. The claim of the session's JWT says 60 days and means nothing.
  // https://ant.aliceblueonline.com/productdocumentation/
  session: { at: { hour: 6, minute: 0 } },
  signs: aliceblueSigns,
};
