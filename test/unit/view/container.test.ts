import { describe, expect, it } from 'vitest';
import { COOKIES, HAS_CONTAINERS } from '../../../utils/domain/accounts/permission-names.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { permissionList } from '../../../utils/domain/view/permission-list.ts';
import { account, login, NOW, WELL, world } from '../../support/samples/samples.ts';

const first = account();
const spouse = account({ id: 'account2', name: 'spouse' });
const icici = account({ id: 'account3', name: 'icici', broker: 'icici' });
const refused = { logins: [login({ page: { is: 'refused' as const, at: NOW } })] };
const seen = (accounts: (typeof first)[], granted: string[], more: Parameters<typeof world>[0] = {}) =>
  overview(world({ accounts, granted: new Set(granted), ...more }), WELL);

describe('a container is offered where it can be had and is of use (CAP-16)', () => {
  const used = account({ container: 'firefox-container-6' });
  it.each<[what: string, ...Parameters<typeof seen>, is: object | null]>([
    ['one account of its broker', [first, icici], [HAS_CONTAINERS], {}, null],
    ['two accounts of a broker', [first, spouse], [HAS_CONTAINERS], {}, { isAllowed: false, isUsed: false }],
    ['the same, allowed', [first, spouse], [HAS_CONTAINERS, COOKIES], {}, { isAllowed: true, isUsed: false }],
    ['the last login was in one', [used], [HAS_CONTAINERS, COOKIES], {}, { isAllowed: true, isUsed: true }],
    ['a login that the broker refused', [first], [HAS_CONTAINERS], refused, { isAllowed: false, isUsed: false }],
    ['a browser without containers', [first, spouse], [COOKIES], refused, null],
  ])('%s', (_, accounts, granted, more, is) => {
    expect(seen(accounts, granted, more).accounts[0]?.container).toEqual(is);
  });

  it('a refused login is said with it, the log-out after it', () => {
    const told = seen([first], [HAS_CONTAINERS], refused).accounts[0]?.logOut;
    expect(told).toMatchObject({
      why: 'last-step',
      container: { isAllowed: false },
      offer: { button: expect.any(String) },
    });
    expect(seen([first], [], refused).accounts[0]?.logOut?.container).toBe(null);
  });

  it('the permission is listed with its reason once it is given, and is never missing', () => {
    const row = (granted: string[]) =>
      permissionList(seen([first, spouse], granted)).find(({ pattern }) => pattern === COOKIES);
    expect(row([HAS_CONTAINERS])).toBe(undefined);
    expect(row([HAS_CONTAINERS, COOKIES])?.needs.map(({ who }) => who)).toEqual(['Zerodha main', 'Zerodha spouse']);
    expect(row([COOKIES])?.needs).toEqual([]);
  });

  it('no list of permissions names the browser’s containers', () => {
    const rows = permissionList(seen([first], [HAS_CONTAINERS]));
    expect(rows.some(({ pattern }) => pattern === HAS_CONTAINERS)).toBe(false);
  });
});
