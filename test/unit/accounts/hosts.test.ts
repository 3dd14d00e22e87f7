import { describe, expect, it } from 'vitest';
import { hostsNeeded, mayHandOn } from '../../../utils/domain/accounts/hosts.ts';
import { DATA_CONSENT } from '../../../utils/domain/accounts/permission-names.ts';
import type { Account } from '../../../utils/domain/accounts/settings.ts';
import { account, signed } from '../../support/samples/samples.ts';

const KITE = 'https://kite.zerodha.com/*';
const BREEZE = 'https://api.icicidirect.com/*';
const icici = { broker: 'icici' } as const;

describe('the hosts an account needs', () => {
  it.each<[patterns: string[], change: Partial<Account>, url?: string]>([
    [[KITE], {}],
    [[KITE, 'http://127.0.0.1/*'], {}, 'http://127.0.0.1:8787/session'],
    [[KITE, 'https://app.example/*'], { mode: 'forward', redirectUrl: 'https://app.example:8443/back' }],
    [[KITE, 'http://127.0.0.1/*', 'https://backend.example/*'], { mode: 'forward' }, 'https://backend.example/'],
    [[KITE, 'http://127.0.0.1/*'], { mode: 'forward' }, 'http://127.0.0.1:8787/session'],
    [[BREEZE, 'http://127.0.0.1/*'], icici],
    [[BREEZE, 'http://127.0.0.1/*', 'http://localhost/*'], icici, 'http://localhost:1/'],
    [[BREEZE], { ...icici, redirectUrl: 'https://api.icicidirect.com/apiuser/x' }],
  ])('%j', (patterns, change, url) => {
    const needs = hostsNeeded(account(change), url ? signed({ url }) : null, new Set([KITE, 'data:not-asked']));
    expect(needs.map(({ pattern }) => pattern)).toEqual(patterns);
    for (const { pattern, reason, granted } of needs) {
      expect(granted).toBe(pattern === KITE);
      expect(reason).toMatch(/^to /);
    }
  });

  it('says every reason of a host that serves two ends', () => {
    const [, shared] = hostsNeeded(account({ mode: 'forward' }), signed(), new Set());
    expect(shared?.reason).toBe('to confirm the login on your redirect page, and to hand the token to your backend');
  });

  it.each([
    ['asks for nothing more', ['data:not-asked'], undefined, true],
    ['asks for its consent', [], false, false],
    ['knows its consent', ['data:authenticationInfo'], true, true],
  ])('%s where %j is granted', (_what, granted, needed, sends) => {
    const needs = hostsNeeded(account(), signed(), new Set(granted));
    expect(needs.find(({ pattern }) => pattern === DATA_CONSENT)?.granted).toBe(needed);
    expect(mayHandOn(new Set(granted))).toBe(sends);
  });

  it('asks for no consent before there is a destination (STR-02)', () =>
    expect(hostsNeeded(account(), null, new Set()).map(({ pattern }) => pattern)).toEqual([KITE]));
});
