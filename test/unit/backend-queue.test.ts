import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineOperation } from '../../backend/src/queue/operation.ts';
import { createQueue } from '../../backend/src/queue/queue.ts';
import type { BrokerApi, BrokerClient, Reply } from '../../backend/src/session/client.ts';
import { openDatabase } from '../../backend/src/store/database.ts';
import { type Jobs, openJobs } from '../../backend/src/store/jobs.ts';
import { openSessions, type Session, type Sessions } from '../../backend/src/store/sessions.ts';
import { z } from '../../utils/domain/schema.ts';
import { MINUTE } from '../../utils/domain/time.ts';
import { temporaryDir } from '../flow/backend-harness.ts';

const DONE: Reply<unknown> = { ok: true, value: 'fine' };
const LIMITED: Reply<unknown> = {
  ok: false,
  status: 429,
  body: { error_type: 'NetworkException' },
  words: 'Too many requests',
};
const GONE: Reply<unknown> = {
  ok: false,
  status: 403,
  body: { error_type: 'TokenException', message: 'Incorrect' },
  words: 'Incorrect',
};

let dir: ReturnType<typeof temporaryDir>;
let db: DatabaseSync;
let sessions: Sessions;
let jobs: Jobs;
let queue: ReturnType<typeof open>;
let clock: number;
/** What the broker answers, in order; then it says that all is well. */
let answers: Reply<unknown>[];
let ran: string[];

beforeEach(() => {
  dir = temporaryDir();
  clock = Date.parse('2026-11-20T05:00:00Z');
  answers = [];
  ran = [];
  queue = open();
});
afterEach(() => {
  db.close();
  dir.remove();
});

function open() {
  db = openDatabase(dir.path);
  sessions = openSessions(db, Buffer.alloc(32));
  jobs = openJobs(db);
  const operation = (name: string, acts: boolean) =>
    defineOperation({
      name,
      acts,
      params: z.strictObject({ what: z.string() }),
      label: ({ what }) => `${name} ${what}`,
      run: async (_session: BrokerApi, { what }) => {
        ran.push(what);
        return answers.shift() ?? DONE;
      },
    });
  const api: BrokerApi = {
    verify: async () => ({ ok: true, value: { user: null } }),
    quote: async () => DONE,
    profile: async () => DONE,
    funds: async () => DONE,
    optionChain: async () => DONE,
    dailyCandles: async () => DONE,
  };
  const zerodha: BrokerClient = {
    exchange: async () => ({ ok: false, reason: 'unavailable', words: '' }),
    open: () => api,
  };
  const operations = [operation('read', false), operation('order', true)];
  return createQueue({
    jobs,
    sessions,
    clients: { zerodha, icici: null },
    operations,
    log: () => {},
    now: () => clock,
  });
}

function logIn(): Session {
  const at = { capturedAt: clock, exchangedAt: clock, expiresAt: clock + 60 * MINUTE };
  const session = sessions.put({ account: 'zerodha', delivery: 'ob_x', user: 'AB1234', accessToken: 'token', ...at });
  sessions.find(session, { state: 'verified', at: clock });
  return session;
}

async function verified(): Promise<void> {
  logIn();
  queue.release('zerodha');
  for (let i = 0; i < 200; i++) await Promise.resolve();
}

const submit = (type: string, what: string) => queue.submit({ type, account: 'zerodha', params: { what } });
const told = () =>
  jobs
    .list()
    .map(({ label, state }) => `${label} ${state}`)
    .reverse();

describe('the queue', () => {
  it('runs what waited, in the order in which it came', async () => {
    await submit('read', 'a');
    await submit('read', 'b');
    expect(told()).toEqual(['read a parked', 'read b parked']);
    await verified();
    expect(told()).toEqual(['read a done', 'read b done']);
    expect(ran).toEqual(['a', 'b']);
  });

  it('never runs by itself what acts', async () => {
    await submit('order', 'buy');
    await verified();
    expect(told()).toEqual(['order buy needs_confirmation']);
    expect(ran).toEqual([]);
  });

  it('runs at once what acts, when a session lives', async () => {
    logIn();
    expect(await submit('order', 'buy')).toMatchObject({ submission: { success: true, result: 'fine' } });
  });

  it('leaves what is older than 15 minutes', async () => {
    await submit('read', 'old');
    clock += 10 * MINUTE;
    await submit('read', 'young');
    clock += 6 * MINUTE;
    await verified();
    expect(told()).toEqual(['read old stale', 'read young done']);
    expect(ran).toEqual(['young']);
  });

  it('parks again once what finds no living session, then gives up', async () => {
    await submit('read', 'a');
    for (const state of ['parked', 'failed', 'failed']) {
      answers = [GONE];
      await verified();
      expect(told()).toEqual([`read a ${state}`]);
    }
    expect(ran).toEqual(['a', 'a']);
  });

  it('stops at the first answer that the session is gone, and keeps the rest', async () => {
    await submit('read', 'a');
    await submit('read', 'b');
    answers = [GONE];
    await verified();
    expect(told()).toEqual(['read a parked', 'read b parked']);
    expect(sessions.state('zerodha', clock)).toMatchObject({ state: 'rejected', problem: 'Incorrect' });
    await verified();
    expect(told()).toEqual(['read a done', 'read b done']);
  });

  it('BCK-12 parks for no other error', async () => {
    logIn();
    answers = [LIMITED];
    expect(await submit('read', 'a')).toMatchObject({
      submission: { success: false, auth_required: false, error: 'Too many requests' },
    });
    expect(told()).toEqual(['read a failed']);
    expect(sessions.state('zerodha', clock)).toMatchObject({ state: 'verified' });
  });

  it('runs again what was asked with a session that a newer one has replaced meanwhile', async () => {
    const old = logIn();
    answers = [GONE];
    const asked = submit('read', 'a');
    logIn();
    await asked;
    for (let i = 0; i < 200; i++) await Promise.resolve();
    expect(told()).toEqual(['read a done']);
    expect(sessions.live('zerodha', clock)?.generation).toBe(old.generation + 1);
  });

  it('after a crash repeats a read, and never what acts', async () => {
    for (const [type, acts] of [
      ['read', false],
      ['order', true],
    ] as const) {
      const job = jobs.add(
        { account: 'zerodha', type, label: type, acts, params: { what: type }, dedupeKey: null },
        clock,
      );
      jobs.start(job.id, clock);
    }
    db.close();
    queue = open();
    jobs.recover(clock);
    expect(told()).toEqual(['read queued', 'order failed']);
    expect(jobs.list()[0]?.problem).toBe('outcome unknown');
    await verified();
    expect(told()).toEqual(['read done', 'order failed']);
    expect(ran).toEqual(['read']);
  });
});
