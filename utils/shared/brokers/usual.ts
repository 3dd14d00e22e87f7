import type { Broker, KeyDoubt } from './broker.ts';

/** What most brokers have in common. */
export const USUAL = {
  confirmedOn: null,
  lastStep: null,
  logOutUrl: null,
  needsConsent: false,
  keyMayEndBlank: false,
  doubt: (apiKey: string): KeyDoubt | null => (/^[\w.-]+$/.test(apiKey) ? null : 'letters'),
  companions: [],
  adds: [],
  // The slowest of the limits that are known is 900 ms.
  paceMs: 1_000,
  stateParameter: null,
  schemeless: () => null,
  mayAddSlash: false,
  // 2026-11: where documentation says a redirect, users see a script of the broker's page.
  arrives: 'header-or-page',
  namesUser: true,
  isLogin: () => true,
} as const satisfies Partial<Broker>;

/** The form of a code or JWT; no length is documented. */
export const ANY_CODE = /^[A-Za-z0-9._-]{4,2048}$/;
