import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../backend/src/config/config.ts';
import { Preferences } from '../../../utils/domain/accounts/preferences.ts';
import { Account, AccountForm, Destination, DestinationForm } from '../../../utils/domain/accounts/settings.ts';
import { type Checked, check, explain, told } from '../../../utils/domain/base/check.ts';
import { Ask, Login, Seen } from '../../../utils/domain/capture/capture.ts';
import { Notice } from '../../../utils/domain/capture/notice.ts';
import { Start } from '../../../utils/domain/capture/provenance.ts';
import { Dashboard, DEFAULT_LIMITS } from '../../../utils/domain/dashboards/dashboard.ts';
import { Delivery } from '../../../utils/domain/delivery/delivery.ts';
import { History } from '../../../utils/domain/history/history.ts';
import { Command, FromDashboard, PageMessage } from '../../../utils/domain/hold/messages.ts';
import { ReminderRecord } from '../../../utils/domain/reminders/reminder.ts';
import { Attempts } from '../../../utils/domain/reminders/renewal.ts';
import { ClockSeen } from '../../../utils/domain/session/clock-jump.ts';
import { SessionFacts } from '../../../utils/domain/session/facts.ts';
import { Answer, Request } from '../../../utils/shared/contract.ts';
import { Pairing, readPairing } from '../../../utils/shared/pairing.ts';
import type { z } from '../../../utils/shared/schema.ts';
import * as sample from '../../support/samples/samples.ts';
import { kindsOf, type WrongRow, wrongInputs } from '../../support/samples/wrong.ts';

const { NOW, iso } = sample;
const rule24 = { at: { hour: 6, minute: 0 }, ttlMs: 86_400_000, suspectUntil: { hour: 7, minute: 30 } };
const clock = { rule: rule24, renewsItself: true, market: 'mcx' as const };
const morning = { hour: 8, minute: 45 };
const evening = { hour: 22, minute: 0 };
const ownDay = { date: '2026-11-08', kind: 'trading', name: 'Muhurat', hours: { from: morning, to: evening } };
const preferences = {
  notify: true,
  morning,
  quiet: { from: evening, to: morning },
  market: 'nse-fo',
  own: { days: [ownDay], through: '2026-12-31' },
};
const { id: _id, confirmedUser: _user, paused: _paused, createdAt: _at, ...accountForm } = sample.account();
const {
  fingerprint: _f,
  id: _i,
  account: _a,
  savedAt: _s,
  createdAt: _c,
  ...signedForm
} = { ...sample.signed(), secret: sample.SECRET };
const rule = { path: 'data.ok', equals: 'true' };
const status = { kind: 'path', url: 'http://127.0.0.1:8787/status', path: 'session.valid', equals: 'true' } as const;
const withHeader = sample.plain({
  authorization: { kind: 'header', name: 'x-api-key' },
  success: rule,
  extra: { action: 'update' },
  login: 'none',
  redirect: 'failure',
  status,
});
const { id: _pi, account: _pa, savedAt: _ps, createdAt: _pc, ...plainForm } = { ...withHeader, secret: 'a header' };
const dashboardForm = {
  origin: 'https://desk.example',
  account: 'account1',
  signals: [{ status: 440, path: 'error.code', text: 'E7' }],
  rules: [{ method: 'POST', path: '/search*', effect: 'read', market: 'mcx' }],
  lookup: '/by-key/{key}',
  ...DEFAULT_LIMITS,
};
const trouble = { code: 'timeout', at: NOW, status: 504, words: 'late', skewMs: 3 };
const session = { ...sample.session(), problem: 'none', suspect: true };
const feed = { state: 'live', first_tick_at: iso(NOW), last_tick_at: iso(NOW), source: 'kite', problem: 'none' };
const job = {
  id: 'job',
  label: 'quotes',
  state: 'done',
  parked_at: iso(NOW),
  finished_at: iso(NOW),
  took_ms: 20,
  problem: 'none',
};
const counts = { parked: 1, queued: 1, running: 1, done: 1, failed: 1, needs_confirmation: 1, stale: 1, cancelled: 1 };
const queue = { ...counts, latest: [job] };
const understands = ['token.with'];
const growth = { understands, revision: 'r1', waited_ms: 5 };
const report = {
  at: NOW,
  sentAt: NOW - 40,
  skewMs: 1,
  session,
  feed,
  queue,
  configuration: { api_key: true },
  understands,
  revision: 'r1',
  waitedMs: 5,
  cutAt: NOW,
};
const lastLogin = {
  delivery: sample.DELIVERY_ID,
  via: 'redirect',
  capturedAt: NOW,
  skewMs: 5,
  endedAt: NOW,
  end: 'applied',
  trouble,
};

const schemas: [name: string, schema: z.ZodMiniType, valid: unknown][] = [
  ['Account', Account, sample.account({ confirmedUser: 'AB****', clock, container: 'firefox-container-6' })],
  ['AccountForm', AccountForm, accountForm],
  ['Destination, signed', Destination, sample.signed({ further: true })],
  ['Destination, plain', Destination, { ...withHeader, further: true, unconfirmed: true }],
  [
    'Destination, plain with a bearer',
    Destination,
    { ...withHeader, further: true, unconfirmed: true, authorization: { kind: 'bearer' } },
  ],
  ['DestinationForm, signed', DestinationForm, signedForm],
  ['DestinationForm, plain', DestinationForm, plainForm],
  ['DestinationForm, plain without authorization', DestinationForm, { ...plainForm, authorization: { kind: 'none' } }],
  [
    'Delivery',
    Delivery,
    sample.delivery({
      sending: { worker: 'w', at: NOW },
      trouble: { ...trouble, code: 'timeout' },
      skewMs: 5,
      callback: { answered: true, at: NOW, says: 'failed' },
      endedAt: NOW,
      end: 'failed',
    }),
  ],
  [
    'SessionFacts',
    SessionFacts,
    {
      ...sample.facts({ provenAt: NOW, nextCheckAt: NOW }),
      login: lastLogin,
      pending: { delivery: sample.DELIVERY_ID, via: 'redirect', capturedAt: NOW, skewMs: 5 },
      report,
      checkTrouble: trouble,
    },
  ],
  ['Notice', Notice, { account: 'account1', code: 'elsewhere', place: 'http://127.0.0.1/', at: NOW }],
  [
    'Ask',
    Ask,
    {
      id: 'ask00001',
      account: 'account1',
      token: sample.KITE_TOKEN,
      companions: { userId: 'AB1234' },
      why: 'elsewhere',
      place: 'http://127.0.0.1/',
      request: '17',
      at: NOW,
      expiresAt: NOW,
    },
  ],
  [
    'Login',
    Login,
    sample.login({ carried: 'mark', page: { is: 'usual', at: sample.NOW }, next: 'https://kite.zerodha.com/' }),
  ],
  ['Start', Start, { byHand: true, hopped: false }],
  [
    'Seen',
    Seen,
    {
      id: 'seen0001',
      tab: 7,
      url: 'http://127.0.0.1/?request_token=x',
      form: { apisession: ['1234'] },
      origin: 'https://kite.zerodha.com',
      isHeader: true,
      ledOn: true,
      start: { byHand: true, hopped: false },
      request: '17',
    },
  ],
  ['Preferences', Preferences, preferences],
  ['ClockSeen', ClockSeen, { at: NOW, jumpedAt: NOW }],
  ['Attempts', Attempts, { account: 'account1', session: 'one', count: 1, lastAt: NOW }],
  ['History', History, { account: 'account1', entries: [{ key: 'login:1', kind: 'login', at: NOW, until: NOW }] }],
  [
    'ReminderRecord',
    ReminderRecord,
    {
      account: 'account1',
      shown: [{ key: 'morning:2026-11-20', kind: 'morning', date: '2026-11-20' }],
      showing: 'morning:2026-11-20',
      snoozedUntil: NOW,
      mutedOn: '2026-11-20',
    },
  ],
  ['Dashboard', Dashboard, { id: 'dashboard1', createdAt: NOW, ...dashboardForm, unconfirmed: true }],
  ['PageMessage', PageMessage, { type: 'redirect-page', url: 'http://127.0.0.1/?request_token=x', referrer: '' }],
  ['Request, check', Request, { version: 1, type: 'session.check', account: 'main', wait: { after: 'r1', ms: 5_000 } }],
  [
    'Request, captured',
    Request,
    {
      version: 1,
      type: 'session.captured',
      account: 'main',
      broker: 'icici',
      token: { kind: 'day', value: sample.BREEZE_TOKEN, with: { userId: 'AB1234' } },
      captured_at: iso(NOW),
      expires_at: iso(NOW),
      expected_user: 'AB1234',
      dry_run: true,
    },
  ],
  ['Request, consent', Request, { version: 1, type: 'session.consent', account: 'main', broker: 'dhan' }],
  [
    'Answer, report',
    Answer,
    { ...sample.sessionReport(), session, feed, queue, configuration: { api_key: true }, ...growth },
  ],
  ['Answer, consented', Answer, { type: 'session.consented', id: 'x', consent: 'c0ffee', server_time: iso(NOW) }],
  ['Answer, applied', Answer, { ...sample.sessionApplied(), session }],
  [
    'Answer, refused',
    Answer,
    { type: 'session.refused', id: 'x', reason: 'superseded', message: 'old', server_time: iso(NOW) },
  ],
  ...[
    { type: 'refresh' },
    { type: 'captured-shown', since: 0 },
    { type: 'log-in', account: 'account1' },
    { type: 'log-out', account: 'account1' },
    { type: 'log-in-due', accounts: ['account1', 'account2'] },
    { type: 'log-in-next' },
    { type: 'stop-logins' },
    { type: 'paste', account: 'account1', text: 'token' },
    { type: 'accept', ask: 'ask00001' },
    { type: 'discard', ask: 'ask00001' },
    { type: 'retry', account: 'account1', destination: 'destination1' },
    { type: 'reopen', account: 'account1' },
    { type: 'test', account: 'account1', destination: 'destination1' },
    { type: 'pair', text: 'obp1_x' },
    { type: 'save-account', id: 'account1', form: accountForm },
    { type: 'save-destination', account: 'account1', destination: 'destination1', form: signedForm },
    { type: 'save-destination', account: 'account1', destination: 'destination1', form: plainForm },
    { type: 'add-destination', account: 'account1', form: plainForm },
    { type: 'remove-destination', destination: 'destination2' },
    { type: 'confirm-user', account: 'account1', user: 'AB****' },
    { type: 'pause', account: 'account1', paused: true },
    { type: 'forget', account: 'account1' },
    { type: 'diagnose' },
    { type: 'accept-loss' },
    { type: 'drop-damaged', key: 'account:account1' },
    { type: 'save-preferences', preferences },
    { type: 'set-clock', account: 'account1', clock },
    { type: 'redeliver', delivery: sample.DELIVERY_ID, destination: 'destination1' },
    { type: 'deliveries' },
    { type: 'export' },
    { type: 'preview-import', text: '{}' },
    { type: 'import', text: '{}', stamp: 'ab12' },
    { type: 'forget-everything' },
    { type: 'snooze', account: 'account1' },
    { type: 'mute-today', account: 'account1' },
    { type: 'leave-container', account: 'account1' },
    { type: 'history' },
    { type: 'save-dashboard', id: 'dashboard1', form: dashboardForm },
    { type: 'remove-dashboard', id: 'dashboard1' },
  ].map((command): [string, z.ZodMiniType, unknown] => [`Command, ${command.type}`, Command, command]),
  ...[
    { type: 'waiting', count: 1, since: NOW, visible: true, shownAt: NOW },
    { type: 'dialog' },
    { type: 'log-in' },
    { type: 'paste' },
    { type: 'cancel' },
    { type: 'counted', held: 3, replayed: 2, givenUp: 1 },
  ].map((said): [string, z.ZodMiniType, unknown] => [`FromDashboard, ${said.type}`, FromDashboard, said]),
];

function expectRefused({ path, why }: WrongRow, checked: Checked<unknown>): void {
  const fields = checked.ok ? [] : checked.problems.map(({ field }) => field);
  expect(checked.ok).toBe(false);
  expect(fields.some((field) => path === '' || field === path || path.startsWith(`${field}.`))).toBe(true);
  const says = checked.ok ? '' : explain(checked.problems);
  if (why !== 'missing') expect(says).not.toContain(' is missing');
}

describe.each(schemas)('%s', (_name, schema, valid) => {
  it('takes its sample', () => expect(check(schema, valid)).toMatchObject({ ok: true }));

  it.each(wrongInputs(schema, valid))('refuses $path: $why (MSG-01, NET-01)', (row) =>
    expectRefused(row, check(schema, row.value)),
  );

  it('takes an unknown field in an answer alone, and drops it', () => {
    const more = { ...(valid as object), surplus: 1 };
    const checked = check(schema, more);
    expect(checked.ok).toBe(schema === Answer);
    expect(checked.ok && 'surplus' in (checked.value as object)).toBe(false);
  });

  it.each([undefined, null, 7, 'text', [], true, () => 1])('refuses %s in place of the whole', (whole) => {
    expect(check(schema, whole, 'whole')).toMatchObject({ ok: false });
  });
});

it('has a sample of every kind', () => {
  for (const schema of [Command, FromDashboard, Request, Answer]) {
    const tried = schemas.filter(([, one]) => one === schema).map(([, , valid]) => (valid as { type: string }).type);
    expect(kindsOf(schema, 'type').filter((type) => !tried.includes(type))).toEqual([]);
  }
});

describe('a pairing string', () => {
  const line = (value: unknown) => `obp1_${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
  it.each(wrongInputs(Pairing, sample.pairing()))('is refused for $path: $why', (row) => {
    expectRefused(row, told(readPairing(line(row.value))));
  });
});

describe('the environment of the backend', () => {
  const valid = {
    PORT: '8787',
    PUBLIC_URL: 'https://backend.example/session',
    BREEZE_STREAMS: '4.1!NIFTY 50',
    ...Object.fromEntries(
      ['ZERODHA', 'BREEZE'].flatMap((broker) => [
        [`${broker}_API_KEY`, 'key'],
        [`${broker}_API_SECRET`, 'secret'],
        [`${broker}_USER_ID`, 'AB1234'],
        [`${broker}_REDIRECT_URL`, 'http://127.0.0.1/'],
        [`${broker}_REDIRECT_MODE`, 'forward'],
      ]),
    ),
  };
  it('takes its sample', () => expect(readConfig(valid)).toMatchObject({ ok: true, value: { broken: [] } }));

  /** A mistake in one account leaves the other running, and is told all the same. */
  const refused = (env: Record<string, string>): Checked<unknown> => {
    const read = readConfig(env);
    const problems = read.ok ? read.value.broken.flatMap((one) => one.problems) : [];
    return problems.length > 0 ? { ok: false, problems } : read;
  };

  it.each(
    Object.keys(valid).flatMap((name) =>
      /STREAMS|API_/.test(name)
        ? []
        : [
            [name, '?\n?'],
            [name, ' '],
          ],
    ),
  )('refuses %s: %j', (path, value) => expectRefused({ path, value, why: '' }, refused({ ...valid, [path]: value })));
  it.each(Object.keys(valid))('refuses %s of a thousand letters', (path) => {
    const value = 'a'.repeat(1_000);
    expectRefused({ path, value, why: '' }, refused({ ...valid, [path]: value }));
  });
  it.each(['ZERODHA_API_KEY', 'ZERODHA_API_SECRET', 'BREEZE_API_KEY', 'BREEZE_API_SECRET'])('misses %s', (path) => {
    expectRefused({ path, value: '', why: 'missing' }, refused({ ...valid, [path]: '' }));
  });
});
