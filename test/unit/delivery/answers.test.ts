import { describe, expect, it } from 'vitest';
import {
  type HttpResult,
  type Outcome,
  readPlainAnswer,
  readSignedAnswer,
} from '../../../utils/domain/delivery/answers.ts';
import { tellTrouble } from '../../../utils/domain/delivery/trouble.ts';
import { REFUSAL_STATUS, type RefusalReason } from '../../../utils/shared/contract.ts';
import { DELIVERY_ID, iso, NOW, sessionApplied, sessionReport } from '../../support/samples/samples.ts';

const sent = { id: DELIVERY_ID, sentAt: NOW - 40, at: NOW };
const response = (status: number, body: unknown, headers: Record<string, string> = {}): HttpResult => ({
  kind: 'response',
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const refused = (reason: RefusalReason, more: object = {}) => ({
  type: 'session.refused',
  id: DELIVERY_ID,
  reason,
  server_time: iso(NOW + 480_000),
  ...more,
});
const codeOf = (outcome: Outcome) => (outcome.kind === 'trouble' ? outcome.trouble.code : outcome.kind);

/** The status that a trouble tells, for the person to look up. */
const toldOf = (outcome: Outcome) => (outcome.kind === 'trouble' ? outcome.trouble.status : undefined);
const statusIn = (result: HttpResult, { kind }: Outcome) =>
  kind === 'trouble' && result.kind === 'response' ? result.status : undefined;

const applied = sessionApplied();
const consented = { type: 'session.consented', id: DELIVERY_ID, consent: 'c0ffee', server_time: iso(NOW) };
const report = sessionReport({ id: DELIVERY_ID });
const CHALLENGE = { 'www-authenticate': 'Basic realm="Desk"' };
const HTML = { 'content-type': 'text/html; charset=utf-8' };

describe('a report that is nearly right', () => {
  const { session } = report;
  const queue = { parked: 0, queued: 0, running: 0, done: 1, failed: 0, needs_confirmation: 0, latest: [] };
  const job = { id: 'j1', label: 'quote', state: 'done', parked_at: iso(NOW), finished_at: null, took_ms: 12.4 };
  it.each<[what: string, change: object]>([
    ['no feed, in Python', { feed: null }],
    ['no queue, in Go', { queue: null }],
    ['nothing configured', { configuration: null }],
    ['nothing beyond the first release', { understands: null }],
    ['a flag as a number', { configuration: { api_key: 1 } }],
    ['a flag as a text', { configuration: { api_key: 'set', api_secret: 'missing' } }],
    ['a flag with more in it', { configuration: { api_key: { set: true } } }],
    ['a doubt that is none', { session: { ...session, suspect: null } }],
    ['a fraction of a millisecond', { queue: { ...queue, latest: [job] } }],
    ['no count of stale ones', { queue: { ...queue, stale: null, cancelled: null } }],
    ['an offset without its colon', { session: { ...session, verified_at: '2026-11-20T09:30:00+0530' } }],
    ['an offset of whole hours', { session: { ...session, verified_at: '2026-11-20 04:00:00.123456+00' } }],
  ])('counts with %s', (_, change) => {
    const outcome = readSignedAnswer(response(200, { ...report, ...change }), sent, true);
    expect(outcome).toMatchObject({ kind: 'reported', answer: { session: { state: session.state } } });
  });

  it.each<[what: string, change: object]>([
    ['no session', { session: null }],
    ['no word of how it stands', { session: { ...session, state: null } }],
    ['a time without a zone', { session: { ...session, verified_at: '2026-11-20T09:30:00' } }],
    ['a count that is none', { queue: { ...queue, failed: null } }],
  ])('is refused with %s', (_, change) =>
    expect(codeOf(readSignedAnswer(response(200, { ...report, ...change }), sent, true))).toBe('not_contract'),
  );

  it('says of what is configured whether it is there', () => {
    const outcome = readSignedAnswer(
      response(200, { ...report, configuration: { api_key: 'set', api_secret: 'missing', pin: null } }),
      sent,
      true,
    );
    expect(outcome).toMatchObject({ answer: { configuration: { api_key: true, api_secret: false, pin: false } } });
  });
});

describe('the answer of a signed destination (NET-06)', () => {
  it.each<[code: string, result: HttpResult, isSigned: boolean]>([
    ['applied', response(200, applied), true],
    ['applied', response(200, { ...applied, status: 'replayed' }), true],
    ['applied', response(201, { ...applied, unknown: 'dropped' }), true],
    ['reported', response(200, report), true],
    ['unreachable', { kind: 'unreachable' }, false],
    ['timeout', { kind: 'timeout' }, false],
    ['redirected', { kind: 'redirected' }, false],
    ['too_large', { kind: 'too_large' }, false],
    ['wrong_signature', response(200, applied), false],
    ['wrong_signature', response(200, refused('superseded')), false],
    ['other_id', response(200, { ...applied, id: 'ob_other' }), true],
    ['other_id', response(409, { ...refused('superseded'), id: 'chk_other' }), true],
    ['not_contract', response(500, applied), true],
    ['not_contract', response(200, ''), true],
    ['not_contract', response(200, '{"type":"session.applied"'), true],
    ['not_contract', response(200, { ...applied, status: 'done' }), true],
    ['not_contract', response(200, { ok: true }), false],
    ['not_contract', response(200, [applied]), true],
    ['not_contract', response(200, 'null'), true],
    ['html', response(200, '<!DOCTYPE html><p>Welcome', {}), false],
    ['html', response(200, ' \n<html>', {}), false],
    ['html', response(200, 'Welcome', HTML), false],
    ['not_contract', response(200, 'Welcome <html>'), false],
    ['not_contract', response(299, ''), false],
    ['bad_signature', response(401, 'Unauthorized', HTML), false],
    ['bad_signature', response(401, ''), false],
    ['bad_signature', response(401, '', { 'www-authenticate': ' ' }), false],
    ['bad_signature', response(401, '401: Unauthorised!'), false],
    ['bad_signature', response(401, '"401 Unauthorized"'), false],
    ['bad_signature', response(401, '"invalid_signature"'), false],
    ['bad_signature', response(401, 'Bad signature.'), false],
    ['unnamed_refusal', response(401, 'Please log in'), false],
    ['unnamed_refusal', response(401, 'The desk: unauthorized'), false],
    ['unnamed_refusal', response(401, 'Unauthorized for the desk'), false],
    ['other_login', response(401, 'Unauthorized', CHALLENGE), false],
    ['other_login', response(401, 'Please log in', CHALLENGE), false],
    ['other_login', response(403, '', CHALLENGE), false],
    ['http_client_error', response(199, ''), false],
    ['bad_signature', response(401, refused('bad_signature')), false],
    ['http_client_error', response(400, ''), false],
    ['http_client_error', response(403, '<html>', HTML), false],
    ['http_client_error', response(404, ''), false],
    ['http_client_error', response(409, ''), false],
    ['http_client_error', response(410, refused('token_spent')), false],
    ['http_client_error', response(422, ''), false],
    ['http_client_error', response(304, ''), false],
    ['http_server_error', response(408, ''), false],
    ['http_server_error', response(425, ''), false],
    ['http_server_error', response(500, '<html>', HTML), false],
    ['http_server_error', response(502, ''), false],
    ['http_server_error', response(503, ''), false],
    ['http_server_error', response(503, refused('unavailable')), false],
    ['http_busy', response(429, ''), false],
  ])('%s: %j, signed %s', (code, result, isSigned) => {
    const outcome = readSignedAnswer(result, sent, isSigned);
    expect(codeOf(outcome)).toBe(code);
    expect(toldOf(outcome)).toEqual(statusIn(result, outcome));
  });

  it('that asks for another login says it in its own words', () =>
    expect(readSignedAnswer(response(401, '', CHALLENGE), sent, false)).toMatchObject({
      trouble: { code: 'other_login', words: 'Basic realm="Desk"' },
    }));

  it('to a check that comes where a consent was asked for is not the contract’s', () =>
    expect(readSignedAnswer(response(200, consented), sent, true)).toMatchObject({
      trouble: { code: 'not_contract', status: 200 },
    }));

  it.each(Object.entries(REFUSAL_STATUS) as [RefusalReason, number][])('%s comes with %i', (reason, status) => {
    expect(readSignedAnswer(response(status, refused(reason, { message: 'Words.' })), sent, true)).toEqual({
      kind: 'trouble',
      trouble: { code: reason, at: NOW, status, words: 'Words.', skewMs: 480_020 },
      retryAfterMs: null,
    });
  });

  it('carries its Retry-After, signed or not', () => {
    const headers = { 'retry-after': '30' };
    for (const isSigned of [true, false])
      expect(readSignedAnswer(response(429, refused('rate_limited'), headers), sent, isSigned)).toMatchObject({
        retryAfterMs: 30_000,
      });
  });

  it('is trouble for any body that is not whole', () => {
    const body = JSON.stringify(applied);
    for (let cut = 0; cut < body.length; cut++)
      expect(codeOf(readSignedAnswer(response(200, body.slice(0, cut)), sent, true))).toBe('not_contract');
  });

  it('is never the request itself, sent back', () => {
    const request = { version: 1, type: 'session.check', account: 'main', id: DELIVERY_ID };
    expect(codeOf(readSignedAnswer(response(200, request), sent, true))).toBe('not_contract');
  });
});

describe('a signed report that is nearly right (MSG-08)', () => {
  const job = { id: 'one', label: 'Quote', state: 'done', parked_at: iso(NOW), finished_at: null, took_ms: 3 } as const;
  const counts = { parked: 0, queued: 0, running: 0, done: 0, failed: 0, needs_confirmation: 0 };
  const read = (change: object) => {
    const outcome = readSignedAnswer(response(200, { ...report, ...change }), sent, true);
    return outcome.kind === 'reported' ? outcome.answer : null;
  };

  it.each([
    [200, 'a'.repeat(200)],
    [201, `${'a'.repeat(199)}…`],
    [90_000, `${'a'.repeat(199)}…`],
  ])('of whose words only as many are shown as fit: %i letters', (length, shown) => {
    const problem = 'a'.repeat(length);
    const feed = { state: 'refused', first_tick_at: null, last_tick_at: null, source: problem, problem };
    const latest = [{ ...job, label: problem, problem }];
    expect(read({ session: { ...report.session, problem }, feed, queue: { ...counts, latest } })).toMatchObject({
      session: { problem: shown },
      feed: { source: shown, problem: shown },
      queue: { latest: [{ label: shown, problem: shown }] },
    });
    const refusal = readSignedAnswer(response(409, refused('superseded', { message: problem })), sent, true);
    expect(refusal).toMatchObject({ trouble: { code: 'superseded', words: shown } });
  });

  it('is cut between two letters, not through one', () => {
    const problem = `${'a'.repeat(198)}😀😀`;
    expect(read({ session: { ...report.session, problem } })?.session.problem).toBe(`${'a'.repeat(198)}…`);
  });

  it('shows the first twenty of more jobs', () => {
    const latest = Array.from({ length: 21 }, (_, index) => ({ ...job, id: `job-${index}` }));
    const shown = read({ queue: { ...counts, latest } });
    expect(shown?.type === 'session.report' && shown.queue?.latest.map(({ id }) => id)).toEqual(
      latest.slice(0, 20).map(({ id }) => id),
    );
  });

  it.each([
    ['2026-11-20T04:30:00Z', '2026-11-20T04:30:00Z'],
    ['2026-11-20T04:30:00+00:00', '2026-11-20T04:30:00.000Z'],
    ['2026-11-20T04:30:00.123456+00:00', '2026-11-20T04:30:00.123Z'],
    ['2026-11-20 04:30:00-00:00', '2026-11-20T04:30:00.000Z'],
    ['2026-11-20T10:00:00+05:30', '2026-11-20T04:30:00.000Z'],
    ['2026-11-20t04:30:00z', '2026-11-20T04:30:00.000Z'],
  ])('means by %s the time %s', (told, at) => {
    expect(read({ server_time: told, session: { ...report.session, exchanged_at: told } })).toMatchObject({
      server_time: at,
      session: { exchanged_at: at },
    });
  });

  it.each(['2026-11-20T04:30:00', '2026-11-20', '1999-12-31T23:30:00-00:00', '2026-13-20T04:30:00+00:00', 'now'])(
    'is none where its time is no moment: %s',
    (told) => expect(read({ server_time: told })).toBeNull(),
  );
});

describe('the answer of a plain destination', () => {
  const rule = { path: 'data.ok', equals: 'true' };
  it.each<[code: string, result: HttpResult, rule: typeof rule | null]>([
    ['accepted', response(200, ''), null],
    ['accepted', response(204, ''), null],
    ['accepted', response(200, '<html>', HTML), null],
    ['accepted', response(200, { data: { ok: true } }), rule],
    ['accepted', response(200, { data: { ok: 'true' } }), rule],
    ['rule_failed', response(200, { data: { ok: false } }), rule],
    ['rule_failed', response(200, { data: {} }), rule],
    ['rule_failed', response(200, { data: null }), rule],
    ['rule_failed', response(200, 'null'), rule],
    ['rule_failed', response(200, '<html>', HTML), rule],
    ['rule_failed', response(200, {}), { path: 'constructor.name', equals: 'Object' }],
    ['rule_failed', response(200, {}), { path: '__proto__', equals: '[object Object]' }],
    ['unreachable', { kind: 'unreachable' }, null],
    ['timeout', { kind: 'timeout' }, null],
    ['redirected', { kind: 'redirected' }, null],
    ['too_large', { kind: 'too_large' }, null],
    ['http_client_error', response(401, ''), null],
    ['http_client_error', response(409, ''), null],
    ['http_busy', response(429, ''), null],
    ['http_server_error', response(500, { data: { ok: true } }), rule],
    ['http_server_error', response(503, ''), null],
  ])('%s: %j with %j', (code, result, success) => {
    const outcome = readPlainAnswer(result, sent, success);
    expect(codeOf(outcome)).toBe(code);
    expect(toldOf(outcome)).toEqual(statusIn(result, outcome));
  });
});

describe('a refusal that may be somebody else’s', () => {
  // Cloudflare Access and oauth2-proxy send to their login page; a firewall or a proxy says 403 as well as a backend does.
  it.each([
    ['redirected', 'a login page before it'],
    ['http_client_error', 'something before it'],
    ['other_login', 'something before it'],
    ['unnamed_refusal', 'a proxy'],
  ] as const)('is not laid to the backend alone: %s', (code, words) => expect(tellTrouble(code)).toContain(words));
});
