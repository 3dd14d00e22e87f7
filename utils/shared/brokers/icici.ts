import { type ExpiryRule, sessionExpiry } from '../expiry.ts';
import { HOUR } from '../time.ts';
import { classifyBreeze } from './breeze-verdict.ts';
import type { Broker } from './broker.ts';

// 2026-11: "24 hours or midnight, whichever is earlier", Breeze API documentation.
const session: ExpiryRule = { ttlMs: 24 * HOUR, at: { hour: 0, minute: 0 } };

export const icici: Broker = {
  id: 'icici',
  name: 'ICICI Direct',
  console: { url: 'https://api.icicidirect.com/apiuser/home', field: 'Redirect URL', key: 'API Key' },
  hosts: ['api.icicidirect.com'],
  // Keys contain + = ! # % and even a trailing blank: anything but a full encoding makes the page say "Public Key does not exist".
  loginUrl: (apiKey) => `https://api.icicidirect.com/apiuser/login?api_key=${encodeURIComponent(apiKey)}`,
  apiKeyIn: (url) => (url.pathname.toLowerCase() === '/apiuser/login' ? url.searchParams.get('api_key') : null),
  token: {
    kind: 'day',
    parameter: 'apisession',
    pattern: /^[A-Za-z0-9]{4,64}$/,
    glob: '*api?session=*',
    expiresAt: (capturedAt) => sessionExpiry(session, capturedAt),
  },
  session,
  stateParameter: null,
  // 2026-11: a redirect URL registered as www.google.com is followed as a path of the login's own pages.
  schemeless: ({ pathname }) =>
    /^\/apiuser\/((?:[\w-]+\.)+[a-z]{2,}(?:[:/].*)?|localhost.*|[\d.]+:\d+.*)$/i.exec(pathname)?.[1] ?? null,
  arrives: 'header-or-page',
  isLogin: () => true,
  classify: classifyBreeze,
};
