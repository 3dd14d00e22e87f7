import type { BrokerApi, BrokerClient, Reply } from '../../../backend/src/brokers/client.ts';
import { defineOperation, type LookedUp } from '../../../backend/src/queue/operation.ts';
import { createQueue } from '../../../backend/src/queue/queue.ts';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { openLine } from '../../../backend/src/store/line.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { openJobLists } from '../../../backend/src/store/tables/job-lists.ts';
import { openJobs } from '../../../backend/src/store/tables/jobs.ts';
import { openProcesses } from '../../../backend/src/store/tables/processes.ts';
import { openSessions } from '../../../backend/src/store/tables/sessions.ts';
import type { MarketId } from '../../../utils/shared/market.ts';
import { z } from '../../../utils/shared/schema.ts';
import { HOUR } from '../../../utils/shared/time.ts';

export const DONE: Reply<unknown> = { ok: true, value: 'fine' };
export const GONE: Reply<unknown> = {
  ok: false,
  status: 403,
  body: { error_type: 'TokenException', message: 'Incorrect' },
  words: 'Incorrect',
};
export const LIMITED: Reply<unknown> = {
  ok: false,
  status: 429,
  body: { error_type: 'NetworkException' },
  words: 'Too many requests',
};
export const REFUSED: Reply<unknown> = {
  ok: false,
  status: 400,
  body: { error_type: 'OrderException' },
  words: 'Insufficient funds',
};
export const NO_ANSWER: Reply<unknown> = { ok: false, status: 0, body: null, words: 'no answer' };

/** What every process of a test shares: the clock, the store's folder and a broker that does what it is told. */
export interface Broker {
  now: number;
  /** What it answers, in order; then it says that all is well. */
  answers: Reply<unknown>[];
  /** What it carried out, in order. */
  ran: string[];
  /** What it answers when asked about an act; null: it is not asked in this test. */
  lookUp: ((key: string) => Reply<LookedUp>) | null;
  /** Resolves when a call may be answered. */
  gate: Promise<void>;
  /** The account's market; absent: NSE's F&O. */
  market?: MarketId | undefined;
}

/** A queue as one process has it, on a store that others may share. */
export async function openQueue(dir: string, broker: Broker) {
  const db = openDatabase(dir);
  const sql = createSqlite(db);
  const processes = openProcesses(sql);
  await processes.beat(broker.now);
  const sessions = openSessions(sql, Buffer.alloc(32));
  const jobs = openJobs(sql, processes.id, openLine(sql));
  const lists = openJobLists(sql);
  const operation = (name: string, acts: boolean, tells: boolean, market?: MarketId) =>
    defineOperation({
      name,
      acts,
      params: z.strictObject({ what: z.string() }),
      label: ({ what }) => `${name} ${what}`,
      ...(market ? { market: () => market } : {}),
      run: async (_session: BrokerApi, { what }) => {
        broker.ran.push(what);
        if (what === 'throw') throw new Error('a bug in an operation');
        await broker.gate;
        return broker.answers.shift() ?? DONE;
      },
      ...(tells
        ? { lookUp: async (_session, _params, key) => broker.lookUp?.(key) ?? { ok: true, value: { found: false } } }
        : {}),
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
  const queue = createQueue({
    jobs,
    lists,
    sessions,
    clients: { zerodha, icici: null },
    operations: [
      operation('read', false, false),
      operation('order', true, false),
      operation('traced', true, true),
      operation('metal', true, false, 'mcx'),
      operation('rupee', true, false, 'currency'),
    ],
    markets: broker.market === undefined ? {} : { zerodha: broker.market },
    log: () => {},
    now: () => broker.now,
  });

  return {
    db,
    processes,
    sessions,
    jobs,
    lists,
    queue,
    submit: (type: string, what: string, idempotency_key?: string) =>
      queue.submit({
        type,
        account: 'zerodha',
        params: { what },
        ...(type === 'read' ? {} : { idempotency_key: idempotency_key ?? what }),
      }),
    /** A session that the broker has confirmed. */
    async logIn() {
      const at = { capturedAt: broker.now, exchangedAt: broker.now, expiresAt: broker.now + 12 * HOUR };
      const made = { account: 'zerodha', delivery: 'ob_x', user: 'AB1234', accessToken: 'token', ...at } as const;
      const session = await sql.transaction('zerodha', (tx) => sessions.putIn(tx, made));
      await sessions.recordFinding(session, { state: 'verified', at: broker.now });
      return session;
    },
    /** Lets everything that is due happen. */
    async pulse() {
      for (let i = 0; i < 10; i++) {
        await queue.pulse('zerodha');
        await new Promise((wait) => setImmediate(wait));
      }
    },
    /** Each job as `label state`, oldest first. */
    told: async () => (await lists.newest()).map(({ label, state }) => `${label} ${state}`).reverse(),
    /** As SIGKILL leaves it: the lease stays until it ends. */
    die: () => db.close(),
  };
}
export type QueueWorld = Awaited<ReturnType<typeof openQueue>>;
