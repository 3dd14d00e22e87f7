import { describe, expect, it } from 'vitest';
import { COOKIES, DATA_CONSENT, NOTIFICATIONS } from '../../../utils/domain/accounts/permission-names.ts';
import { DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import { DEFAULT_LIMITS } from '../../../utils/domain/dashboards/dashboard.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { permissionList } from '../../../utils/domain/view/permission-list.ts';
import { account, NOW, plain, WELL, world } from '../../support/samples/samples.ts';

const KITE = 'https://kite.zerodha.com/*';
const HERE = 'http://127.0.0.1/*';

const list = (granted: string[], change: Parameters<typeof world>[0] = {}, canNotify = false, notify = false) => {
  const clock = { preferences: { ...DEFAULT_PREFERENCES, notify }, jumpedAt: null, canNotify };
  return permissionList(overview(world({ granted: new Set(granted), clock, ...change }), WELL));
};
const short = (...args: Parameters<typeof list>) =>
  list(...args).map(({ pattern, granted, needs }) => [pattern, granted, needs.length]);

describe('the list of permissions', () => {
  it('tells what is needed, by whom and why, what is missing first', () => {
    expect(list([HERE, 'data:not-asked'])).toEqual([
      {
        pattern: KITE,
        kind: 'host',
        granted: false,
        coveredBy: null,
        needs: [{ who: 'Zerodha main', reason: 'to see Zerodha send the login back' }],
      },
      {
        pattern: HERE,
        kind: 'host',
        granted: true,
        coveredBy: null,
        needs: [{ who: 'Zerodha main', reason: 'to hand the token to your backend' }],
      },
    ]);
  });

  it('tells last what is granted and needed by nothing any more', () => {
    const granted = ['https://old.example.in/*', KITE, HERE, COOKIES, 'data:not-asked'];
    expect(short(granted, {}, true)).toEqual([
      [HERE, true, 1],
      [KITE, true, 1],
      ['https://old.example.in/*', true, 0],
      [COOKIES, true, 0],
      [NOTIFICATIONS, true, 0],
    ]);
    expect(short([KITE, 'data:not-asked'], { accounts: [], destinations: [] })).toEqual([[KITE, true, 0]]);
  });

  it('asks for notifications where reminders want them', () => {
    expect(short(['data:not-asked'], { accounts: [] }, false, true)).toEqual([[NOTIFICATIONS, false, 1]]);
  });

  it('asks for cookies and for the consent where a destination needs them', () => {
    expect(short([KITE, HERE], { destinations: [plain({ login: 'cookie' })] })).toEqual([
      [DATA_CONSENT, false, 1],
      [COOKIES, false, 1],
      [HERE, true, 1],
      [KITE, true, 1],
    ]);
  });

  it('names the wider permission that covers one', () => {
    const rows = list(['https://*/*', 'data:not-asked']);
    expect(rows.find(({ pattern }) => pattern === KITE)).toMatchObject({ granted: true, coveredBy: 'https://*/*' });
    expect(rows.at(-1)).toMatchObject({ pattern: 'https://*/*', needs: [], coveredBy: null });
  });

  it('counts a dashboard, and two accounts at one broker, each once', () => {
    const accounts = [account(), account({ id: 'account2', name: 'second' })];
    const settings = { ...DEFAULT_LIMITS, signals: [], rules: [], lookup: null, createdAt: NOW };
    const dashboards = [{ ...settings, id: 'dashboard1', account: 'account1', origin: 'http://127.0.0.1:8000' }];
    const view = overview(world({ accounts }), WELL, { dashboards, lost: new Map() });
    const needs = permissionList(view).map(({ pattern, needs }) => [pattern, needs.map(({ who }) => who)]);
    expect(needs).toContainEqual([KITE, ['Zerodha main', 'Zerodha second']]);
    expect(needs).toContainEqual([HERE, ['Zerodha main', 'The dashboard http://127.0.0.1:8000']]);
  });

  it('asks for no dashboard that came with a settings file and is not switched on', () => {
    const settings = { ...DEFAULT_LIMITS, signals: [], rules: [], lookup: null, createdAt: NOW };
    const page = { ...settings, id: 'dashboard1', account: 'account1', origin: 'https://desk.example.in' };
    const shown = (unconfirmed?: true) =>
      permissionList(overview(world(), WELL, { dashboards: [{ ...page, unconfirmed }], lost: new Map() })).map(
        ({ pattern }) => pattern,
      );
    expect([shown().length - shown(true).length, shown(true)]).toEqual([
      1,
      expect.not.arrayContaining(['https://desk.example.in/*']),
    ]);
  });
});
