import { HOUR, SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

export const dhanSigns: Signs = {
  hint: /DH-901|Invalid_Authentication/,
  classify(status, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    const type = textOf(body, 'errorType');
    const code = textOf(body, 'errorCode');
    if (type === '' && code === '') return passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
    return type === 'Invalid_Authentication' || code === 'DH-901' ? 'auth-required' : 'not-auth';
  },
};

// 2026-11: https://dhanhq.co/docs/v2/authentication
export const dhan: Broker = {
  ...USUAL,
  id: 'dhan',
  name: 'Dhan',
  variables: { prefix: 'DHAN', more: ['CLIENT_ID'] },
  console: { url: 'https://web.dhan.co', field: 'Redirect URL', key: 'API key' },
  hosts: ['auth.dhan.co', 'partner-login.dhan.co'],
  loginUrl: ({ consent = '' }) =>
    `https://auth.dhan.co/login/consentApp-login?consentAppId=${encodeURIComponent(consent)}`,
  needsConsent: true,
  // The address names a consent, which tells nobody whose it is.
  apiKeyIn: () => null,
  token: {
    kind: 'one-time',
    shown: 'tokenId',
    names: ['tokenid'],
    pattern: ANY_CODE,
    glob: '*token?id=*',
    // Not documented; two minutes are safe to promise.
    lifeMs: 120 * SECOND,
  },
  session: { ttlMs: 24 * HOUR },
  mayAddSlash: true,
  signs: dhanSigns,
};
