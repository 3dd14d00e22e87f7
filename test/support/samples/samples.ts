import { type AccountClock, DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import type { Account, Destination, PlainDestination } from '../../../utils/domain/accounts/settings.ts';
import type { Login } from '../../../utils/domain/capture/capture.ts';
import type { Delivery } from '../../../utils/domain/delivery/delivery.ts';
import type { Trouble, TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import type { ShownLogin } from '../../../utils/domain/session/chain.ts';
import { noFacts, type SessionFacts } from '../../../utils/domain/session/facts.ts';
import type { World } from '../../../utils/domain/session/world.ts';
import type { SessionApplied, SessionReport, SessionState } from '../../../utils/shared/contract.ts';
import type { Pairing } from '../../../utils/shared/pairing.ts';

/** Epoch milliseconds of a clock time in India: `ist('2026-11-20 09:16:02')`. */
export function ist(text: string): number {
  const [date = '', clock = '00:00:00'] = text.split(' ');
  return Date.parse(`${date}T${clock.padEnd(8, ':00')}+05:30`);
}

/** Zerodha's end without the hours in which new sessions are in doubt: for what has to be live at any time of the day it is run. */
export const ANY_HOUR: AccountClock = { rule: { at: { hour: 6, minute: 0 } }, renewsItself: false };

/** A Friday in market hours: the moment of most samples. */
export const NOW = ist('2026-11-20 10:00:00');
export const iso = (at: number) => new Date(at).toISOString();

export const KITE_TOKEN = 'TokenOfKiteWith32LettersAndDigit';
export const BREEZE_TOKEN = '51234567';
export const SECRET = `whsec_${'c2VjcmV0'.repeat(5)}`;
export const DELIVERY_ID = `ob_${'a2'.repeat(13)}`;

export const account = (change: Partial<Account> = {}): Account => ({
  id: 'account1',
  broker: 'zerodha',
  name: 'main',
  apiKey: 'kitekey',
  redirectUrl: 'http://127.0.0.1:8000/',
  mode: 'seal',
  expectedUser: 'AB1234',
  confirmedUser: null,
  paused: false,
  createdAt: NOW - 86_400_000,
  ...change,
});

type SignedDestination = Extract<Destination, { kind: 'signed' }>;
export const signed = (change: Partial<SignedDestination> = {}): SignedDestination => ({
  kind: 'signed',
  id: 'destination1',
  account: 'account1',
  url: 'http://127.0.0.1:8787/session',
  fingerprint: 'abcd ef01',
  savedAt: NOW - 3_600_000,
  createdAt: NOW - 3_600_000,
  ...change,
});

export const plain = (change: Partial<PlainDestination> = {}): PlainDestination => ({
  kind: 'plain',
  id: 'destination1',
  account: 'account1',
  url: 'http://127.0.0.1:8787/token',
  method: 'POST',
  format: 'json',
  field: 'request_token',
  authorization: { kind: 'none' },
  success: null,
  savedAt: NOW - 3_600_000,
  createdAt: NOW - 3_600_000,
  ...change,
});

export const delivery = (change: Partial<Delivery> = {}): Delivery => ({
  id: DELIVERY_ID,
  account: 'account1',
  destination: 'destination1',
  broker: 'zerodha',
  kind: 'one-time',
  via: 'redirect',
  capturedAt: NOW - 1_000,
  expiresAt: NOW + 119_000,
  body: `{"token":"${KITE_TOKEN}"}`,
  state: 'waiting',
  failures: 0,
  nextAttemptAt: NOW - 1_000,
  sending: null,
  trouble: null,
  endedAt: null,
  end: null,
  ...change,
});

export const login = (change: Partial<Login> = {}): Login => ({
  tab: 7,
  account: 'account1',
  by: 'us',
  state: 'mark',
  at: NOW - 5_000,
  ...change,
});

export const trouble = (code: TroubleCode, change: Partial<Trouble> = {}): Trouble => ({ code, at: NOW, ...change });

export const session = (change: Partial<SessionState> = {}): SessionState => ({
  state: 'verified',
  delivery: DELIVERY_ID,
  user: 'AB****',
  exchanged_at: iso(NOW),
  verified_at: iso(NOW + 200),
  expires_at: iso(ist('2026-11-21 06:00:00')),
  ...change,
});

export const sessionReport = (change: Partial<SessionReport> = {}): SessionReport => ({
  type: 'session.report',
  id: 'chk_1',
  account: 'main',
  server_time: iso(NOW),
  session: session(),
  ...change,
});

export const sessionApplied = (change: Partial<SessionApplied> = {}): SessionApplied => ({
  type: 'session.applied',
  id: DELIVERY_ID,
  status: 'applied',
  server_time: iso(NOW),
  session: session({ state: 'exchanged', verified_at: null }),
  ...change,
});

export const facts = (change: Partial<SessionFacts> = {}): SessionFacts => ({ ...noFacts('destination1'), ...change });

type Report = NonNullable<SessionFacts['report']>;
export const report = (change: Partial<Report> = {}): Report => ({ at: NOW, skewMs: 0, session: session(), ...change });

export const shown = (change: Partial<ShownLogin> = {}): ShownLogin => ({
  delivery: DELIVERY_ID,
  via: 'redirect',
  capturedAt: NOW - 1_000,
  state: 'ended',
  trouble: null,
  endedAt: NOW,
  end: 'applied',
  ...change,
});

export const world = (change: Partial<World> = {}): World => ({
  now: NOW,
  worker: 'this-life',
  accounts: [account()],
  destinations: [signed()],
  facts: new Map([['destination1', facts({ provenAt: NOW - 1_000 })]]),
  notices: new Map(),
  deliveries: [],
  asks: [],
  logins: [],
  busy: new Set(),
  waits: [],
  granted: new Set([
    'http://127.0.0.1/*',
    'https://kite.zerodha.com/*',
    'https://api.icicidirect.com/*',
    'data:not-asked',
  ]),
  clock: { preferences: DEFAULT_PREFERENCES, jumpedAt: null, canNotify: false },
  ...change,
});

/** A browser's storage with nothing wrong. */
export const WELL = { damaged: [], isLost: false, isFull: false };

export const pairing = (change: Partial<Pairing> = {}): Pairing => ({
  url: 'http://127.0.0.1:8787/session',
  secret: SECRET,
  account: 'main',
  broker: 'zerodha',
  api_key: 'kitekey',
  redirect_url: 'http://127.0.0.1:8000/',
  mode: 'seal',
  expected_user: 'AB1234',
  ...change,
});
