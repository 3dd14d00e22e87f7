import { describe, expect, it } from 'vitest';
import { DEFAULT_CLOCK, DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import type { Dashboard } from '../../../utils/domain/dashboards/dashboard.ts';
import { exportedFields } from '../../../utils/domain/records/exportable-fields.ts';
import {
  FileAccount,
  FileDashboard,
  FileDestination,
  readSettingsFile,
  type Settings,
  settingsFile,
} from '../../../utils/domain/transfer/settings-file.ts';
import { planImport } from '../../../utils/domain/transfer/settings-import.ts';
import type { z } from '../../../utils/shared/schema.ts';
import { account, NOW, plain, SECRET, signed } from '../../support/samples/samples.ts';

const dashboard: Dashboard = {
  id: 'dashboard1',
  createdAt: NOW,
  origin: 'http://127.0.0.1:8000',
  account: 'account1',
  signals: [{ status: 440, path: null, text: null }],
  rules: [],
  readLimitMs: 60_000,
  actLimitMs: 60_000,
  lookup: null,
};

/** What changes by what a login is known, where it goes, or whose it is. */
const OTHER_LOGIN = {
  apiKey: 'other',
  redirectUrl: 'http://127.0.0.1:9000/',
  mode: 'observe',
  expectedUser: null,
};

const others = [account({ id: 'account2', broker: 'icici', name: 'family' })];

/** A one-time account with a page, and a day account that sends its token to two places. */
const settings = (change: Partial<Settings> = {}): Settings => ({
  accounts: [account(), ...others],
  destinations: [
    signed(),
    plain({ id: 'destination2', account: 'account2', authorization: { kind: 'bearer' }, extra: { pass: 'hidden' } }),
    signed({ id: 'destination3', account: 'account2', further: true, url: 'https://trade.example.in/session' }),
  ],
  dashboards: [dashboard],
  preferences: DEFAULT_PREFERENCES,
  ...change,
});

type Changed = ReturnType<typeof settingsFile>;
/** The file of the settings above after `edit`, read as an import reads it. */
function edited(edit: (file: Changed) => unknown): string {
  const file = structuredClone(settingsFile(settings()));
  return JSON.stringify(edit(file) ?? file);
}
const problemsOf = (text: string) => {
  const read = readSettingsFile(text);
  return read.ok ? [] : read.problems.map(({ field, message }) => `${field} ${message}`);
};
const changesOf = (text: string, before = settings()) => {
  const read = readSettingsFile(text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return planImport(read.value, before)
    .changes.filter(({ is }) => is !== 'unchanged')
    .map(({ what, is, name, fields, warning }) => [
      what,
      is,
      name,
      fields.map(({ field }) => field).join(),
      warning ?? '',
    ]);
};

describe('a settings file', () => {
  it('is read again as it was written, and changes nothing', () => {
    const text = JSON.stringify(settingsFile(settings()));
    expect(readSettingsFile(text)).toEqual({ ok: true, value: settingsFile(settings()) });
    expect(changesOf(text)).toEqual([]);
  });

  it('holds no secret, no key and no id of ours', () => {
    const text = JSON.stringify(settingsFile(settings()));
    for (const inside of ['hidden', 'account1', 'destination1', 'abcd ef01', 'savedAt', 'fingerprint'])
      expect(text).not.toContain(inside);
  });

  it.each([
    ['account', FileAccount, ['destinations', 'dashboards']],
    ['destination', FileDestination, []],
    ['dashboard', FileDashboard, []],
  ] as const)('has of a %s the fields that are declared as exported, and no other (STO-10)', (kind, schema, parts) => {
    expect(fieldsOf(schema).sort()).toEqual([...exportedFields(kind), ...parts].sort());
  });

  it.each([
    ['', 'file is no JSON'],
    ['[', 'file is no JSON'],
    ['7', 'file is no JSON'],
    ['[]', 'format must be opening-bell-settings: this is another kind of file'],
    [edited((file) => ({ ...file, version: 2 })), 'version must be 1'],
    [edited((file) => ({ ...file, more: 1 })), 'more is not a known field'],
    [edited((file) => ({ ...file, accounts: undefined })), 'accounts is missing'],
    [
      edited((file) => ({ ...file, preferences: { ...file.preferences, morning: '8' } })),
      'preferences.morning must be',
    ],
    [account0({ redirectUrl: 'localhost' }), 'accounts.0.redirectUrl must be the full URL'],
    [account0({ id: 'account1' }), 'accounts.0.id is not a known field'],
    [account0({ mode: 'steal' }), 'accounts.0.mode must be "seal" or "forward" or "observe"'],
    [destination0({ url: 'http://trade.example.in/' }), 'accounts.0.destinations.0.url must be an https URL'],
    [destination0({ extra: { a: 'b' }, kind: 'signed' }), 'accounts.0.destinations.0.extra is not a known field'],
    [destination0({ secret: SECRET }), 'accounts.0.destinations.0.secret looks like a secret'],
    [destination0({ fingerprint: SECRET }), 'accounts.0.destinations.0.fingerprint looks like a secret'],
    [account0({ password: 'x' }), 'accounts.0.password looks like a secret'],
    [account0({ apiKey: 'obp1_abcdef' }), 'accounts.0.apiKey looks like a secret'],
    [edited((file) => ({ ...file, request_token: 'x' })), 'request_token looks like a secret'],
    [edited((file) => file.accounts.push(...file.accounts) && undefined), 'accounts.0.name is there twice'],
    [
      edited((file) => file.accounts[0]?.destinations.push({ kind: 'signed', url: 'https://b.in/' }) && undefined),
      'accounts.0.destinations must be one at most',
    ],
    [
      edited((file) => file.accounts[0]?.dashboards.push(...file.accounts[0].dashboards) && undefined),
      'accounts.0.dashboards.0.origin is there twice',
    ],
    [
      edited((file) => Object.assign(file.accounts[1]?.destinations[0] ?? {}, { format: 'query' }) && undefined),
      'accounts.1.destinations.0.format must be a query for GET',
    ],
    [`{"__proto__":{"format":"opening-bell-settings"},"version":1}`, 'format must be'],
    [
      `{"format":"opening-bell-settings","version":1,"accounts":[],"__proto__":{"a":1},"preferences":${JSON.stringify(DEFAULT_PREFERENCES)}}`,
      '__proto__ is not a known field',
    ],
    [' '.repeat(256 * 1024 + 1), 'file is larger than 256 KiB'],
    [`"${'क'.repeat(100_000)}"`, 'file is larger than 256 KiB'],
  ])('that is wrong is refused by the field: %.60s', (text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(problem));
  });
});

describe('the preview of an import', () => {
  it('names what is new', () => {
    const empty = settings({ accounts: [], destinations: [], dashboards: [] });
    expect(
      changesOf(
        edited(() => undefined),
        empty,
      ),
    ).toEqual([
      ['account', 'new', 'Zerodha main', expect.any(String), ''],
      ['destination', 'new', 'Zerodha main: http://127.0.0.1:8787/session', 'kind,url', 'pairing_lost'],
      ['dashboard', 'new', 'Zerodha main: http://127.0.0.1:8000', expect.any(String), 'switched_off'],
      ['account', 'new', 'ICICI Direct family', expect.any(String), ''],
      ['destination', 'new', 'ICICI Direct family: http://127.0.0.1:8787/token', expect.any(String), 'left_out'],
      ['destination', 'new', 'ICICI Direct family: https://trade.example.in/session', 'kind,url', 'pairing_lost'],
    ]);
  });

  it('names what is removed, with all that hangs on it', () => {
    expect(changesOf(edited((file) => ({ ...file, accounts: [] })))).toEqual([
      ['account', 'removed', 'Zerodha main', '', ''],
      ['destination', 'removed', 'Zerodha main: http://127.0.0.1:8787/session', '', 'pairing_removed'],
      ['dashboard', 'removed', 'Zerodha main: http://127.0.0.1:8000', '', ''],
      ['account', 'removed', 'ICICI Direct family', '', ''],
      ['destination', 'removed', 'ICICI Direct family: http://127.0.0.1:8787/token', '', 'pairing_removed'],
      ['destination', 'removed', 'ICICI Direct family: https://trade.example.in/session', '', 'pairing_removed'],
    ]);
  });

  it.each([
    [
      'a clock of an account',
      account0({ clock: DEFAULT_CLOCK }),
      [['account', 'changed', 'Zerodha main', 'clock', '']],
    ],
    ...Object.entries(OTHER_LOGIN).map(([field, value]): [string, string, string[][]] => [
      `another ${field} of an account, which is paused by it`,
      account0({ [field]: value }),
      [['account', 'changed', 'Zerodha main', `${field},paused`, 'paused']],
    ]),
    [
      'a path at the same host, which keeps its pairing',
      destination0({ url: 'http://127.0.0.1:8787/other' }),
      [['destination', 'changed', 'Zerodha main: http://127.0.0.1:8787/other', 'url', '']],
    ],
    [
      'another port, which loses it (NET-04)',
      destination0({ url: 'http://127.0.0.1:8788/session' }),
      [['destination', 'changed', 'Zerodha main: http://127.0.0.1:8788/session', 'url', 'pairing_lost']],
    ],
    [
      'a path at the same host of an unsigned one, which proves nothing and loses it',
      edited((file) => {
        const [first, second] = file.accounts;
        const [own, ...others] = second?.destinations ?? [];
        return {
          ...file,
          accounts: [first, { ...second, destinations: [{ ...own, url: 'http://127.0.0.1:8787/other' }, ...others] }],
        };
      }),
      [['destination', 'changed', 'ICICI Direct family: http://127.0.0.1:8787/other', 'url', 'left_out']],
    ],
    [
      'what a dashboard says of its requests, which switches it off',
      dashboard0({ rules: [{ method: 'POST', path: '/orders*', effect: 'read' }] }),
      [['dashboard', 'changed', 'Zerodha main: http://127.0.0.1:8000', 'rules', 'switched_off']],
    ],
    [
      'a path at the same host with a query, whose values the file does not have',
      destination0({ url: 'http://127.0.0.1:8787/other?key=***' }),
      [['destination', 'changed', 'Zerodha main: http://127.0.0.1:8787/other?key=***', 'url', 'left_out']],
    ],
    [
      'a preference',
      edited((file) => ({ ...file, preferences: { ...file.preferences, market: 'mcx' } })),
      [['preferences', 'changed', '', 'market', '']],
    ],
  ])('names %s', (_, text, changes) => expect(changesOf(text)).toEqual(changes));

  it.each([
    ['is paused already', { paused: true }, account0(OTHER_LOGIN)],
    ['the file pauses by itself', {}, account0({ ...OTHER_LOGIN, paused: true })],
  ])('says nothing of a pause where the account %s, and leaves it paused', (_, known, text) => {
    const file = readSettingsFile(text);
    const plan = file.ok ? planImport(file.value, settings({ accounts: [account(known)] })) : null;
    expect(plan?.changes[0]).toMatchObject({ is: 'changed', warning: null });
    expect(plan?.accounts[0]).toMatchObject({ pauses: false, file: { paused: true } });
  });

  it('has no paused account go on', () => {
    expect(
      changesOf(account0({ paused: false }), settings({ accounts: [account({ paused: true }), ...others] })),
    ).toEqual([]);
  });

  it('knows two destinations apart that only a value tells apart which the file does not have', () => {
    const two = [
      signed({ id: 'destination3', account: 'account2', further: true, url: 'https://trade.example.in/session?to=a' }),
      signed({ id: 'destination4', account: 'account2', further: true, url: 'https://trade.example.in/session?to=b' }),
    ];
    const before = settings({
      destinations: [...settings().destinations.slice(0, 2), ...two],
    });
    const file = JSON.stringify(settingsFile(before));
    expect(file).not.toContain('to=a');
    expect(changesOf(file, before)).toEqual([]);
  });

  it('takes a value that is written into the file for another than the one that is here', () => {
    const url = 'http://127.0.0.1:8787/session?key=abc';
    const before = settings({ accounts: [account()], destinations: [signed({ url })] });
    const fileWith = (value: string) => JSON.stringify(settingsFile(before)).replaceAll('key=***', `key=${value}`);
    expect([changesOf(fileWith('***'), before), changesOf(fileWith('abc'), before)]).toEqual([[], []]);
    expect(changesOf(fileWith('evil'), before)).toMatchObject([
      ['destination', 'changed', expect.anything(), 'url', ''],
    ]);
  });

  it('shows a field as it is and as it would be', () => {
    const read = readSettingsFile(account0({ expectedUser: null }));
    const plan = read.ok ? planImport(read.value, settings()) : null;
    expect(plan?.changes[0]?.fields).toEqual([
      { field: 'expectedUser', from: 'AB1234', to: null },
      { field: 'paused', from: 'false', to: 'true' },
    ]);
  });

  it('still calls a destination unpaired that came with a file and was not paired since', () => {
    const before = settings({ destinations: [signed({ fingerprint: '' })] });
    const file = readSettingsFile(JSON.stringify(settingsFile(before)));
    const change = file.ok ? planImport(file.value, before).changes[1] : null;
    expect(change).toMatchObject({ what: 'destination', is: 'unchanged', warning: 'pairing_lost' });
  });
});

function account0(change: object): string {
  return edited((file) => void Object.assign(file.accounts[0] ?? {}, change));
}

function dashboard0(change: object): string {
  return edited((file) => void Object.assign(file.accounts[0]?.dashboards[0] ?? {}, change));
}

function destination0(change: object): string {
  return edited((file) => void Object.assign(file.accounts[0]?.destinations[0] ?? {}, change));
}

/** The names of the fields of an object, or of every kind of it. */
function fieldsOf(schema: z.ZodMiniType): string[] {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod;
  if (def.type === 'union') return [...new Set(def.options.flatMap((one) => fieldsOf(one as z.ZodMiniType)))];
  return def.type === 'object' ? Object.keys(def.shape) : [];
}
