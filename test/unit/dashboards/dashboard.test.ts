import { describe, expect, it } from 'vitest';
import { check } from '../../../utils/domain/base/check.ts';
import { DashboardForm, DEFAULT_LIMITS, dashboardPattern } from '../../../utils/domain/dashboards/dashboard.ts';
import { readRules, readSignals, writeRules, writeSignals } from '../../../utils/domain/dashboards/dashboard-text.ts';
import { effectOf } from '../../../utils/domain/dashboards/effect.ts';
import { isAuthRequired, type Signal } from '../../../utils/domain/dashboards/signal.ts';

describe('an answer that says the session has ended', () => {
  const kite = (message: string, error_type = 'TokenException') => ({
    status: 'error',
    message,
    data: null,
    error_type,
  });
  it.each<[what: string, status: number, body: unknown, due: boolean]>([
    ['the contract in a 200', 200, { success: false, auth_required: true }, true],
    ['the contract in a 401', 401, { auth_required: true }, true],
    ['the contract in a 500', 500, { auth_required: true }, true],
    ['its opposite', 200, { auth_required: false }, false],
    ['a text for it', 200, { auth_required: 'true' }, false],
    ['deeper than the contract has it', 200, { data: { auth_required: true } }, false],
    ['Kite', 403, kite('Incorrect `api_key` or `access_token`.'), true],
    ['Kite, a wrong secret', 403, kite('Invalid `checksum`.'), false],
    ['Kite, no permission', 403, kite('Insufficient permission for that call.', 'PermissionException'), false],
    ['Kite, too many requests', 429, kite('Too many requests', 'NetworkException'), false],
    ['Breeze', 200, { Success: null, Status: 500, Error: 'Resource not available.' }, true],
    ['Breeze, a limit', 401, { Success: null, Status: 5, Error: 'Limit exceed: API call per minute:' }, false],
    ['a backend’s own words', 400, { error: 'Session key is expired' }, true],
    ['an order of that name', 200, { order: { name: 'Session key is expired' } }, false],
    ['Upstox', 401, { status: 'error', errors: [{ errorCode: 'UDAPI100050', message: 'Invalid token' }] }, true],
    ['a bare 401', 401, {}, false],
    ['a bare 403', 403, { detail: 'Forbidden' }, false],
    ['an array', 200, [{ auth_required: true }], false],
  ])('%s', (_, status, body, due) => expect(isAuthRequired({ status, text: JSON.stringify(body) }, [])).toBe(due));

  it('is JSON', () => expect(isAuthRequired({ status: 401, text: '<p>auth_required' }, [])).toBe(false));

  const only = (signal: Partial<Signal>): Signal => ({ status: null, path: null, text: null, ...signal });
  it('is JSON also where it holds the text of a signal', () =>
    expect(isAuthRequired({ status: 200, text: '<p>please log in' }, [only({ text: 'please log in' })])).toBe(false));

  it.each<[signal: Partial<Signal>, status: number, body: unknown, due: boolean]>([
    [{ status: 440 }, 440, {}, true],
    [{ status: 440 }, 401, {}, false],
    [{ path: 'error.code' }, 200, { error: { code: 7 } }, true],
    [{ path: 'error.code' }, 200, { error: {} }, false],
    [{ path: 'login' }, 200, { login: false }, false],
    [{ path: 'error.code', text: 'E7' }, 200, { error: { code: 'E7' } }, true],
    [{ path: 'error.code', text: 'E7' }, 200, { error: { code: 'E8' } }, false],
    [{ path: 'error.code', text: 'E7', status: 401 }, 200, { error: { code: 'E7' } }, false],
    [{ path: 'error.code' }, 200, { error: null }, false],
    [{ path: 'error' }, 200, { error: null }, false],
    [{ path: 'error.code', status: 401 }, 401, { error: { code: 7 } }, true],
    [{ path: 'error.code', status: 401 }, 401, {}, false],
    [{ text: 'please log in' }, 200, { any: 'oh, please log in' }, true],
    [{ text: 'please log in' }, 200, { any: 'oh, please wait' }, false],
    [{ text: 'please log in', status: 401 }, 401, { any: 'oh, please wait' }, false],
    [{ path: 'constructor.name' }, 200, {}, false],
    [{ path: '__proto__' }, 200, {}, false],
  ])('by a signal %j, of %i %j: %s', (signal, status, body, due) =>
    expect(isAuthRequired({ status, text: JSON.stringify(body) }, [only(signal)])).toBe(due),
  );
});

describe('what a request does', () => {
  it.each([
    ['GET', '/quote', 'read'],
    ['HEAD', '/quote', 'read'],
    ['POST', '/quote', 'act'],
    ['DELETE', '/order/1', 'act'],
    ['OPERATION', 'verify_trade', 'act'],
  ] as const)('%s %s is to %s, without a rule', (method, path, effect) =>
    expect(effectOf(method, path, [])).toBe(effect),
  );

  const rules = [
    { method: 'GET', path: '/place*', effect: 'act' },
    { method: '*', path: '/api/*/search*', effect: 'read' },
    { method: 'POST', path: '/exact', effect: 'read' },
    { method: 'OPERATION', path: 'verify_trade', effect: 'read' },
  ] as const;
  it.each([
    ['GET', '/place_order?x=1', 'act'],
    ['POST', '/place_order', 'act'],
    ['POST', '/api/v1/search?q=1', 'read'],
    ['POST', '/api/search', 'act'],
    ['POST', '/exact', 'read'],
    ['POST', '/exact?no', 'act'],
    ['OPERATION', 'verify_trade', 'read'],
    ['OPERATION', 'nifty_strangle', 'act'],
  ] as const)('%s %s is to %s, by rules', (method, path, effect) => expect(effectOf(method, path, rules)).toBe(effect));

  it('is found in no time, whatever the pattern', () => {
    const path = '*a'.repeat(90);
    expect(effectOf('POST', 'a'.repeat(80), [{ method: '*', path: `${path}b`, effect: 'read' }])).toBe('act');
  });
});

describe('the settings of a dashboard', () => {
  const form = {
    origin: 'http://127.0.0.1:8000',
    account: 'account1',
    signals: [],
    rules: [],
    lookup: null,
    ...DEFAULT_LIMITS,
  };
  it.each<[change: object, field: string | null]>([
    [{}, null],
    [{ origin: 'https://desk.example' }, null],
    [{ origin: 'https://desk.example/' }, 'origin'],
    [{ origin: 'https://desk.example/path' }, 'origin'],
    [{ origin: 'HTTPS://desk.example' }, 'origin'],
    [{ origin: 'https://desk.example:443' }, 'origin'],
    [{ origin: 'https://me@desk.example' }, 'origin'],
    [{ origin: 'file:///desk' }, 'origin'],
    [{ origin: 'chrome-extension://abc' }, 'origin'],
    [{ origin: 'https://kite.zerodha.com' }, 'origin'],
    [{ origin: 'https://api.icicidirect.com' }, 'origin'],
    [{ signals: [{ status: null, path: null, text: null }] }, 'signals.0'],
    [{ signals: [{ status: 401, path: null, text: null }] }, null],
    [{ rules: [{ method: 'get', path: '/x', effect: 'read' }] }, 'rules.0.method'],
    [{ actLimitMs: 16 * 60_000 }, 'actLimitMs'],
    [{ readLimitMs: 16 * 60_000 }, 'readLimitMs'],
    [{ lookup: '/orders/{key}' }, null],
    [{ lookup: '/orders' }, 'lookup'],
    [{ lookup: '//evil.example/{key}' }, 'lookup'],
    [{ lookup: 'https://evil.example/{key}' }, 'lookup'],
    [{ secret: 'x' }, 'secret'],
  ])('%j: %s', (change, field) => {
    const checked = check(DashboardForm, { ...form, ...change });
    expect(checked.ok ? null : checked.problems[0]?.field).toBe(field);
  });

  it.each([
    ['http://127.0.0.1:8000', true, 'http://127.0.0.1:8000/*'],
    ['https://desk.example', true, 'https://desk.example:443/*'],
    ['http://desk.example', true, 'http://desk.example:80/*'],
    ['http://127.0.0.1:8000', false, 'http://127.0.0.1/*'],
  ])('%s becomes a pattern with ports %s: %s', (origin, hasPorts, pattern) =>
    expect(dashboardPattern(origin, hasPorts)).toBe(pattern),
  );
});

describe('the lists as a person writes them', () => {
  it.each<[text: string, signals: Signal[]]>([
    ['440', [{ status: 440, path: null, text: null }]],
    ['error.code', [{ status: null, path: 'error.code', text: null }]],
    ['401 error.code=E 7', [{ status: 401, path: 'error.code', text: 'E 7' }]],
    ['"please log in"', [{ status: null, path: null, text: 'please log in' }]],
    ['403 "log in"', [{ status: 403, path: null, text: 'log in' }]],
    [
      '440\nerror',
      [
        { status: 440, path: null, text: null },
        { status: null, path: 'error', text: null },
      ],
    ],
    ['', []],
  ])('signals %j', (text, signals) => {
    expect(readSignals(text)).toEqual({ ok: true, value: signals });
    expect(writeSignals(signals)).toBe(text);
  });

  it('rules', () => {
    const text = 'POST /search* read\n* /place act\nOPERATION verify_trade read\nPOST /metals* act mcx';
    const read = readRules(text);
    expect(read.ok && writeRules(read.value)).toBe(text);
  });

  it.each([
    [readSignals, 'a b c'],
    [readSignals, '440\n"'],
    [readRules, 'post /x read'],
    [readRules, 'POST /x'],
    [readRules, 'POST /x write'],
    [readRules, 'POST /x act nasdaq'],
  ])('%o refuses %j', (read, text) => expect(read(text)).toMatchObject({ ok: false }));
});
