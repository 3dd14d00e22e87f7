import { describe, expect, it } from 'vitest';
import { type HttpResult, readPlainAnswer, readStatusAnswer } from '../../../utils/domain/delivery/answers.ts';
import { NOW } from '../../support/samples/samples.ts';

const sent = { id: 'chk_1', sentAt: NOW - 40, at: NOW };
const BY_PATH = { kind: 'path', path: 'session.state', equals: 'ok' } as const;
const MANAGER = { kind: 'session-manager' } as const;
type Page = Parameters<typeof readStatusAnswer>[3];
const answered = (body: unknown, status = 200, headers: Record<string, string> = {}): HttpResult => ({
  kind: 'response',
  status,
  headers,
  body: JSON.stringify(body),
});
const read = (result: HttpResult, page: unknown = BY_PATH) => readStatusAnswer(result, sent, 'main', page as Page);

describe('the answer of a status page', () => {
  it.each<[state: string, body: unknown, page: object]>([
    ['verified', { session: { state: 'ok' } }, BY_PATH],
    ['none', { session: { state: 'gone' } }, BY_PATH],
    ['verified', { session: { active: true, valid: true } }, MANAGER],
    ['none', { session: { active: false, valid: false } }, MANAGER],
    ['expired', { session: { active: true, valid: true, timeToExpiry: 'Expired' } }, MANAGER],
    ['expired', { session: { active: true, valid: true, expiresAt: 'expired' } }, MANAGER],
    ['expired', { session: { active: true, valid: true, expires_at: '2026-11-20T00:00:00Z' } }, MANAGER],
    ['expired', { session: { active: true, valid: true, expires_in: '0h 0m' } }, MANAGER],
    ['expired', { session: { active: true, valid: true, time_to_expiry: 0 } }, MANAGER],
    ['verified', { session: { valid: true }, configuration: null }, MANAGER],
    ['verified', { session: { valid: true }, configuration: ['a'] }, MANAGER],
    ['verified', { session: { valid: true }, configuration: { key: { set: true } } }, MANAGER],
  ])('is a report, %s: %j by %j', (state, body, page) =>
    expect(read(answered(body), page)).toMatchObject({
      kind: 'reported',
      answer: {
        type: 'session.report',
        id: 'chk_1',
        account: 'main',
        server_time: new Date(NOW).toISOString(),
        session: { state },
      },
    }),
  );

  it.each<[code: string, result: HttpResult]>([
    ['rule_failed', answered({ session: {} })],
    ['rule_failed', answered({ session: null })],
    ['rule_failed', answered('text')],
    ['unreachable', { kind: 'unreachable' }],
    ['http_client_error', answered({ session: { state: 'ok' } }, 404)],
    ['http_client_error', answered({ session: { state: 'ok' } }, 199)],
    ['http_client_error', answered({ session: { state: 'ok' } }, 300)],
    ['http_server_error', answered({ session: { state: 'ok' } }, 500)],
    ['http_busy', answered({}, 429, { 'retry-after': '30' })],
    ['other_login', answered({}, 401, { 'www-authenticate': 'Basic realm="Desk"' })],
  ])('is trouble, %s: %j', (code, result) =>
    expect(read(result)).toMatchObject({
      kind: 'trouble',
      trouble: { code, at: NOW, ...(result.kind === 'response' ? { status: result.status } : {}) },
    }),
  );

  it.each<[value: unknown, isSet: boolean | undefined]>([
    [true, true],
    ['8g79****', true],
    [1, true],
    [false, false],
    ['', false],
    ['false', false],
    ['no', false],
    ['0', false],
    ['✗', false],
    ['❌ Missing', false],
    ['not set', false],
    ['undefined', false],
    [null, false],
    [{ a: 1 }, undefined],
  ])('says of what is configured as %j that it is there: %s', (value, isSet) => {
    const outcome = read(answered({ session: { valid: true }, configuration: { key: value } }), MANAGER);
    expect(outcome.kind === 'reported' && outcome.answer.configuration?.key).toBe(isSet);
  });

  it('counts with every status of success', () => {
    for (const status of [200, 299]) expect(read(answered({ session: { state: 'ok' } }, status)).kind).toBe('reported');
  });

  it('says when to come again, and who asks for a login, in its words', () => {
    expect(read(answered({}, 429, { 'retry-after': '30' }))).toMatchObject({ retryAfterMs: 30_000 });
    const asked = { 'www-authenticate': `Basic realm="${'x'.repeat(300)}"` };
    for (const status of [401, 403]) {
      const outcome = read(answered({}, status, asked));
      expect(outcome).toMatchObject({ trouble: { code: 'other_login', status } });
      expect(outcome.kind === 'trouble' && outcome.trouble.words).toHaveLength(200);
    }
    for (const [status, headers] of [
      [404, asked],
      [401, { 'www-authenticate': '  ' }],
    ] as const)
      expect(read(answered({}, status, { ...headers }))).toMatchObject({
        trouble: { code: 'http_client_error', at: NOW },
      });
  });
});

describe('the answer of a plain destination', () => {
  it.each([
    [199, 'trouble'],
    [200, 'accepted'],
    [299, 'accepted'],
    [300, 'trouble'],
  ])('with status %i is %s', (status, kind) =>
    expect(readPlainAnswer(answered({}, status), sent, null).kind).toBe(kind),
  );
});
