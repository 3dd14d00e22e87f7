import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerClient, Reply } from '../../../backend/src/brokers/client.ts';
import type { LogEvent } from '../../../backend/src/log/log.ts';
import { createChecks } from '../../../backend/src/session/checks.ts';
import { endedBy, recordCheck } from '../../../backend/src/session/findings.ts';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { openCheckClaims } from '../../../backend/src/store/tables/checks.ts';
import { openProcesses } from '../../../backend/src/store/tables/processes.ts';
import { openSessions, type Session, type Sessions } from '../../../backend/src/store/tables/sessions.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { sessionExpiry, suspectUntil } from '../../../utils/shared/expiry.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

type Verified = Reply<{ user: string | null }>;
const YES: Verified = { ok: true, value: { user: 'AB1234' } };
const BUSY: Verified = { ok: false, status: 503, body: { error_type: 'NetworkException' }, words: 'busy' };
const ENDED: Verified = {
  ok: false,
  status: 403,
  body: { error_type: 'TokenException', message: 'Incorrect' },
  words: 'Incorrect',
};

const ist = (time: string) => Date.parse(`2026-11-20T${time}:00+05:30`);

let dir: ReturnType<typeof temporaryDir>;
let now: number;
let answer: Verified;
let questions: number;
/** Resolves when the broker may answer. */
let gate: Promise<void>;
let open: Process[];

beforeEach(() => {
  dir = temporaryDir();
  now = ist('10:00');
  answer = YES;
  questions = 0;
  gate = Promise.resolve();
  open = [];
});
afterEach(() => {
  for (const { db } of open) db.close();
  dir.remove();
});

type Process = Awaited<ReturnType<typeof openProcess>>;

/** One more process on the same store. */
async function openProcess() {
  const db = openDatabase(dir.path);
  const sql = createSqlite(db);
  const processes = openProcesses(sql);
  await processes.beat(now);
  const sessions = openSessions(sql, Buffer.alloc(32));
  const claims = openCheckClaims(sql, processes.id);
  const api = {
    async verify() {
      questions += 1;
      await gate;
      return answer;
    },
    quote: async () => YES,
    profile: async () => YES,
    funds: async () => YES,
    optionChain: async () => YES,
    dailyCandles: async () => YES,
  };
  const zerodha: BrokerClient = {
    exchange: async () => ({ ok: false, reason: 'unavailable', words: '' }),
    open: () => api,
  };
  const clients = { zerodha, icici: null };
  const checks = createChecks({ sessions, claims, clients, answered: () => {}, log: () => {}, now: () => now });
  return { db, sql, processes, sessions, claims, checks };
}

async function start() {
  const one = await openProcess();
  open.push(one);
  return one;
}

function apply({ sql, sessions }: Process) {
  const expiresAt = sessionExpiry(brokers.zerodha.session, now);
  const at = { capturedAt: now, exchangedAt: now, expiresAt };
  const made = { account: 'zerodha', delivery: 'ob_x', user: 'AB1234', accessToken: 'token', ...at } as const;
  return sql.transaction('zerodha', (tx) => sessions.putIn(tx, made));
}

/** What every process does each quarter of a second. */
async function pulse(): Promise<void> {
  for (const { checks } of open) await checks.pulse('zerodha');
  await new Promise((wait) => setImmediate(wait));
}

const state = () => open[0]?.sessions.state('zerodha', now);

describe('the check of a session', () => {
  it('is made once for all processes, and at once', async () => {
    await apply(await start());
    await start();
    await start();
    await pulse();
    expect(questions).toBe(1);
    expect(await state()).toMatchObject({ state: 'verified', problem: null, suspect: false });
  });

  it('is not made again for 5 minutes, however many ask how it stands, then once', async () => {
    await apply(await start());
    await start();
    await pulse();
    for (const [minutes, expected] of [
      [4.9, 1],
      [0.1, 2],
      [4.9, 2],
    ] as const) {
      now += minutes * MINUTE;
      for (let i = 0; i < 100; i++) for (const { checks } of open) await checks.want('zerodha');
      await pulse();
      await pulse();
      expect(questions).toBe(expected);
    }
  });

  it('is made again after 1, 2 and 4 seconds, then each minute, while the broker cannot say', async () => {
    await apply(await start());
    answer = BUSY;
    const waits: number[] = [];
    let asked = now;
    await pulse();
    while (waits.length < 5) {
      now += 500;
      const before = questions;
      for (const { checks } of open) await checks.want('zerodha');
      await pulse();
      if (questions === before) continue;
      waits.push((now - asked) / SECOND);
      asked = now;
    }
    expect(waits).toEqual([1, 2, 4, 60, 60]);
    expect(await state()).toMatchObject({ state: 'exchanged', problem: 'busy' });
    answer = YES;
    now += MINUTE;
    await pulse();
    expect(await state()).toMatchObject({ state: 'verified', problem: null });
  });

  it.each([
    ['ended', ENDED, 'Incorrect'],
    ['another user’s', { ok: true, value: { user: 'ZZ9999' } }, 'the broker names another user for this session'],
  ] as const)('rejects a session that is %s, and asks no more', async (_name, said, problem) => {
    await apply(await start());
    answer = said;
    await pulse();
    now += 10 * MINUTE;
    for (const { checks } of open) await checks.want('zerodha');
    await pulse();
    expect(await state()).toMatchObject({ state: 'rejected', problem });
    expect(questions).toBe(1);
  });

  it.each([
    ['yes', YES],
    ['nothing', BUSY],
  ] as const)(
    'does not take back what another call found out meanwhile, when the broker then says %s',
    async (_name, said) => {
      const one = await start();
      const session = await apply(one);
      answer = said;
      let tell = () => {};
      gate = new Promise((resolve) => {
        tell = resolve;
      });
      await pulse();
      expect(questions).toBe(1);
      await one.sessions.recordFinding(session, { state: 'rejected', problem: 'Incorrect' });
      tell();
      await pulse();
      expect(await state()).toMatchObject({ state: 'rejected', problem: 'Incorrect' });
      await one.sessions.recordFinding(session, { state: 'verified', at: now });
      await one.sessions.recordFinding(session, { state: 'unsure', problem: 'busy', nextAt: now });
      expect(await state()).toMatchObject({ state: 'rejected', problem: 'Incorrect' });
    },
  );

  it.each([
    [
      'rejected',
      (one: Process, session: Session) => one.sessions.recordFinding(session, { state: 'rejected', problem: 'x' }),
    ],
    ['replaced', apply],
  ] as const)('says %s, and logs nothing, when that came between its look and its word', async (truth, comes) => {
    for (const said of [YES, BUSY, ENDED]) {
      const one = await start();
      const session = await apply(one);
      let looks = 0;
      const row: Sessions['row'] = async (account) => {
        const seen = await one.sessions.row(account);
        looks += 1;
        if (looks === 1) await comes(one, session);
        return seen;
      };
      const deps = { sessions: { ...one.sessions, row }, log: () => expect.fail('nothing was found'), now: () => now };
      expect(await recordCheck(deps, session, said)).toBe(truth);
    }
  });

  it('is logged once where two calls at the same time are told that the session is gone', async () => {
    const one = await start();
    const session = await apply(one);
    const logged: LogEvent[] = [];
    const ended = () =>
      endedBy({ sessions: one.sessions, log: (event) => logged.push(event), now: () => now }, session, ENDED);
    expect(await Promise.all([ended(), ended()])).toEqual([true, true]);
    expect(await ended()).toBe(true);
    expect(logged).toEqual([{ event: 'session.rejected', account: 'zerodha', generation: 1, by: 'operation' }]);
  });

  it('of ICICI Direct is made again for a minute before a doubtful word ends the session, and a good one begins anew', async () => {
    const { sessions, sql } = await start();
    const at = { capturedAt: now, exchangedAt: now, expiresAt: now + 60 * MINUTE };
    const made = { account: 'icici', delivery: 'ob_x', user: 'CD5678', accessToken: 'token', ...at } as const;
    const session = await sql.transaction('icici', (tx) => sessions.putIn(tx, made));
    const DOUBT = {
      ok: false,
      status: 500,
      body: { Error: 'Resource not available.' },
      words: 'not available',
    } as const;
    const deps = { sessions, log: () => {}, now: () => now };
    const looks: string[] = [];
    for (const said of [
      DOUBT,
      DOUBT,
      DOUBT,
      DOUBT,
      { ok: true, value: { user: null } } as const,
      ...Array(5).fill(DOUBT),
    ])
      looks.push(await recordCheck(deps, session, said));
    expect(looks).toEqual([...Array(4).fill('unsure'), 'verified', ...Array(4).fill('unsure'), 'rejected']);
    expect(await endedBy(deps, session, DOUBT)).toBe(false);
  });

  it('is taken over from a process that died in the middle of it', async () => {
    const one = await start();
    const two = await start();
    await apply(one);
    expect(await one.claims.take('zerodha', now)).toBe(true);
    await pulse();
    expect(questions).toBe(0);
    now += 6 * SECOND;
    await two.processes.beat(now);
    await two.claims.takeOver(now);
    await pulse();
    expect(questions).toBe(1);
  });
});

describe('a Zerodha session from before 07:30', () => {
  it('is suspect until the broker confirms it after that, which is asked by itself', async () => {
    now = ist('06:45');
    await apply(await start());
    await pulse();
    expect(await state()).toMatchObject({ state: 'verified', suspect: true });
    now = ist('07:29');
    await pulse();
    expect(questions).toBe(1);
    now = ist('07:31');
    expect(await state()).toMatchObject({ suspect: true });
    await pulse();
    expect(questions).toBe(2);
    expect(await state()).toMatchObject({
      state: 'verified',
      suspect: false,
      verified_at: new Date(now).toISOString(),
    });
  });

  it('is rejected then, when Zerodha has ended it', async () => {
    now = ist('06:45');
    await apply(await start());
    await pulse();
    now = ist('07:30');
    answer = ENDED;
    await pulse();
    expect(await state()).toMatchObject({ state: 'rejected', suspect: false });
  });

  it.each([
    ['zerodha', '06:01', '07:30'],
    ['zerodha', '07:29', '07:30'],
    ['zerodha', '07:30', null],
    ['zerodha', '10:00', null],
    ['zerodha', '05:00', null],
    ['icici', '06:45', null],
  ] as const)('%s at %s: suspect until %s', (broker, issued, until) => {
    expect(suspectUntil(brokers[broker].session, ist(issued))).toBe(until === null ? null : ist(until));
  });
});
