import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../../../backend/src/config/settings.ts';
import { causeOf } from '../../../backend/src/log/cause.ts';
import type { LogEvent } from '../../../backend/src/log/log.ts';
import { createLog } from '../../../backend/src/log/log-output.ts';

function written(event: LogEvent, level: LogLevel, isTerminal = false): string {
  let lines = '';
  createLog({ level, isTerminal, write: (line) => (lines += line) })(event);
  return lines;
}

const APPLIED: LogEvent = { event: 'session.applied', account: 'zerodha', generation: 3, ms: 120 };
const REFUSED: LogEvent = { event: 'session.refused', account: null, reason: 'bad_signature' };
const FLOOD: LogEvent = { event: 'session.refused', account: null, reason: 'rate_limited' };
const CALLED: LogEvent = { event: 'broker.called', account: 'icici', call: 'quote', outcome: 'ok', ms: 9 };
const FAILED: LogEvent = { event: 'request.failed', cause: 'TypeError', at: 'app.ts:1' };

describe('the log', () => {
  it('is one line of JSON an event', () => {
    const line = written(APPLIED, 'info');
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({ level: 'info', time: expect.stringMatching(/^20\d\d-.*Z$/), ...APPLIED });
  });

  it('is readable in a terminal, with the level where it is not info', () => {
    expect(written(APPLIED, 'info', true)).toMatch(
      /^20\d\d-\S+Z session\.applied account=zerodha generation=3 ms=120\n$/,
    );
    expect(written(REFUSED, 'info', true)).toMatch(/Z WARN session\.refused account=null reason=bad_signature\n$/);
  });

  it.each<[LogLevel, string[]]>([
    ['debug', ['session.refused', 'broker.called', 'session.applied', 'session.refused', 'request.failed']],
    ['info', ['session.applied', 'session.refused', 'request.failed']],
    ['warn', ['session.refused', 'request.failed']],
    ['error', ['request.failed']],
    ['silent', []],
  ])('%s lets pass %j', (level, expected) => {
    const passed = [FLOOD, CALLED, APPLIED, REFUSED, FAILED].filter((event) => written(event, level) !== '');
    expect(passed.map(({ event }) => event)).toEqual(expected);
  });

  it.each([
    { token: 'SENTINEL' },
    { accessToken: 'SENTINEL' },
    { apisession: 'SENTINEL' },
    { api_secret: 'SENTINEL' },
    { session: { access_token: 'SENTINEL' } },
    { headers: { authorization: 'SENTINEL', cookie: 'SENTINEL' } },
  ])('masks %j, which no type admits', (slip) => {
    for (const isTerminal of [false, true])
      expect(written(Object.assign({}, APPLIED, slip), 'info', isTerminal)).not.toContain('SENTINEL');
    expect(written(Object.assign({}, APPLIED, slip), 'info')).toContain('****');
  });
});

describe('the cause of a failure', () => {
  const SECRET = 'Sentinel0123456789Sentinel012345';
  const made = (more: object, message = SECRET) => Object.assign(new Error(message), more);

  it.each<[string, unknown, string]>([
    ['a full disk', made({ code: 'ENOSPC' }), 'Error ENOSPC'],
    ['a damaged database', made({ code: 'ERR_SQLITE_ERROR', errcode: 11 }), 'Error ERR_SQLITE_ERROR sqlite 11'],
    ['too many connections of Postgres', made({ code: '53300' }), 'Error 53300'],
    ['a mistake of ours', new TypeError(SECRET), 'TypeError'],
    ['a code that is a token', made({ code: SECRET.toUpperCase() }), 'Error'],
    ['a name that is a token', made({ name: SECRET }), 'Error'],
    ['no error at all', SECRET, 'unknown'],
  ])('is named for %s, without its words', (_name, error, cause) => {
    const found = causeOf(error);
    expect(found.cause).toBe(cause);
    expect(JSON.stringify(found)).not.toMatch(/sentinel/i);
  });

  it('names our own line, and none that the words of the error make up', () => {
    const error = made({ stack: 'Error: x\n    at f (/app/backend/src/store/sqlite.ts:41:7)' }, 'x');
    expect(causeOf(error).at).toBe('store/sqlite.ts:41');
    const words = `at backend/src/${SECRET}.ts:1`;
    expect(causeOf(made({ stack: `Error: ${words}\n    at node:fs:1:1` }, words)).at).toBe('unknown');
  });
});
