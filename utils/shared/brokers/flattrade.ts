import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

export const flattradeSigns: Signs = {
  hint: /session expired/i,
  classify(status, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    if (textOf(body, 'stat') !== 'Not_Ok') return passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
    return /^session expired/i.test(textOf(body, 'emsg')) ? 'auth-required' : 'not-auth';
  },
};

// 2026-11: https://pi.flattrade.in/docs
export const flattrade: Broker = {
  ...USUAL,
  id: 'flattrade',
  name: 'Flattrade',
  variables: { prefix: 'FLATTRADE', more: [] },
  console: { url: 'https://wall.flattrade.in', field: 'Redirect URL', key: 'API Key' },
  hosts: ['auth.flattrade.in'],
  loginUrl: ({ apiKey }) => `https://auth.flattrade.in/?app_key=${encodeURIComponent(apiKey)}`,
  apiKeyIn: ({ hostname, pathname, searchParams }) =>
    hostname === 'auth.flattrade.in' && pathname === '/' ? searchParams.get('app_key') : null,
  token: {
    kind: 'one-time',
    shown: 'code',
    // The documentation says request_code, its client and all code say code.
    names: ['code', 'requestcode'],
    pattern: ANY_CODE,
    glob: '*code=*',
    // 2026-11: "a few minutes" by the documentation; two of them are safe to promise.
    // https://pi.flattrade.in/docs
    lifeMs: 120 * SECOND,
  },
  adds: ['client'],
  // 2026-11: sessions are cleared between 05:00 and 06:00 IST.
  // https://pi.flattrade.in/docs
  session: { at: { hour: 5, minute: 0 }, suspectUntil: { hour: 6, minute: 0 } },
  signs: flattradeSigns,
};
