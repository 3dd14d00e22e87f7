import { describe, expect, it } from 'vitest';
import { COOKIES, HAS_CONTAINERS } from '../../../utils/domain/accounts/permission-names.ts';
import { check } from '../../../utils/domain/base/check.ts';
import { diagnostics } from '../../../utils/domain/records/diagnostics.ts';
import { append, type Log, LogEntry, type LogEvent } from '../../../utils/domain/records/log.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import type { z } from '../../../utils/shared/schema.ts';
import { DAY, MINUTE } from '../../../utils/shared/time.ts';
import {
  delivery,
  facts,
  KITE_TOKEN,
  NOW,
  report,
  SECRET,
  session,
  WELL,
  world,
} from '../../support/samples/samples.ts';

const started: LogEvent = { event: 'started' };
const checked = (outcome: 'proven' | 'unreachable', account = 'account1'): LogEvent => ({
  event: 'check',
  account,
  outcome,
  ms: 5,
});
const of = (...events: LogEvent[]): Log => events.reduce<Log>((log, event) => append(log, event, NOW), []);

describe('the log', () => {
  it('keeps the latest three hundred entries of seven days', () => {
    const full = of(...Array.from({ length: 400 }, () => started));
    expect(full).toHaveLength(300);
    expect(append(full, started, NOW + 7 * DAY)).toEqual([{ event: 'started', at: NOW + 7 * DAY }]);
  });

  it('tells a check only when it says something new', () => {
    expect(of(checked('proven'), checked('proven'), started, checked('proven'))).toHaveLength(2);
    expect(of(checked('proven'), checked('unreachable'), checked('proven'))).toHaveLength(3);
    expect(of(checked('proven'), checked('proven', 'account2'))).toHaveLength(2);
  });

  it('keeps every delivery while a backend comes and goes', () => {
    const sent: LogEvent = { event: 'delivery', account: 'account1', outcome: 'applied', ms: 5 };
    const flapping = Array.from({ length: 400 }, (_, at) => checked(at % 2 === 0 ? 'proven' : 'unreachable'));
    const log = of(sent, ...flapping);
    expect(log[0]).toMatchObject(sent);
    expect(log).toHaveLength(61);
    expect(log.at(-1)).toMatchObject({ outcome: 'unreachable' });
  });

  it('adds up what becomes of held requests within ten minutes', () => {
    const hold = (held: number, replayed: number, givenUp: number, account = 'account1'): LogEvent => ({
      event: 'hold',
      account,
      held,
      replayed,
      givenUp,
    });
    const log = of(hold(3, 0, 0), started, hold(0, 2, 1), hold(1, 0, 0, 'account2'));
    expect(log.map(({ at, ...entry }) => entry)).toEqual([hold(3, 2, 1), started, hold(1, 0, 0, 'account2')]);
    expect(append(log, hold(1, 0, 0), NOW + 10 * MINUTE)).toHaveLength(4);
  });

  it('has no field that a free text fits in (LEAK-02)', () => {
    const texts = kinds().flatMap((kind) => Object.entries(kind.shape).filter(([, field]) => takesText(field)));
    // Ids are ours, and of a shape that no token, key or name has.
    expect([...new Set(texts.map(([name]) => name))]).toEqual([]);
    const told = { event: 'login-opened', account: KITE_TOKEN, at: NOW };
    expect(check(LogEntry, told).ok).toBe(false);
  });
});

describe('diagnostics', () => {
  const secrets = [
    KITE_TOKEN,
    SECRET,
    'kitekey',
    'AB1234',
    'AB****',
    '127.0.0.1:8787/session',
    'my-own-name',
    'words of',
  ];
  const text = () => {
    const told = facts({
      report: report({ session: session({ problem: 'words of the broker' }) }),
    });
    const seen = { account: 'account1', code: 'elsewhere', place: 'http://my-own-name/', at: NOW } as const;
    const notices = new Map([['account1', seen]]);
    const view = overview(world({ notices, deliveries: [delivery()], facts: new Map([['destination1', told]]) }), WELL);
    return diagnostics({
      version: '1.2.3',
      browser: 'Browser/1',
      granted: new Set(['http://my-own-name/*', 'data:not-asked', COOKIES, HAS_CONTAINERS]),
      overview: view,
      log: of(started, checked('unreachable')),
      now: NOW,
    });
  };

  it('say version, browser, states and events', () => {
    expect(text()).toContain('Opening Bell 1.2.3\nBrowser/1');
    expect(text()).toContain('cookies allowed\n1 hosts granted, data:not-asked\n0 dashboards, 0 of them allowed');
    expect(text()).toContain('account account1: zerodha, seal, working');
    expect(text()).toContain('redirect http://127.0.0.1:8000; destination signed, http://127.0.0.1:8787');
    expect(text()).toMatch(/check account=account1 outcome=unreachable ms=5$/);
  });

  it.each(secrets)('hold no %s', (secret) => expect(text()).not.toContain(secret));
});

function kinds() {
  return LogEntry._zod.def.options as z.ZodMiniObject[];
}

/** True for a text without closed values: an id's pattern closes it well enough. */
function takesText(field: unknown): boolean {
  const { def } = (field as z.ZodMiniType)._zod;
  return def.type === 'string' && (def.checks ?? []).length === 0;
}
