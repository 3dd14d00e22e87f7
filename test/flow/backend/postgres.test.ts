import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../backend/src/config/account.ts';
import { begin } from '../../../backend/src/session/attempt.ts';
import { exchange } from '../../../backend/src/session/exchange.ts';
import { openPostgres } from '../../../backend/src/store/postgres/open.ts';
import type { Sql } from '../../../backend/src/store/sql.ts';
import { type News, openStore, type Store } from '../../../backend/src/store/store.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { missingPostgres, NO_POWER_CUT, type RunningPostgres, startPostgres } from '../../peers/postgres.ts';
import { until } from '../../support/until.ts';
import { spawnBackend, temporaryDir } from './harness.ts';

const KEY = randomBytes(32);
const ZERODHA: Account = {
  name: 'zerodha',
  apiKey: 'key',
  apiSecret: 'secret',
  user: null,
  userVariable: 'ZERODHA_USER_ID',
  redirectUrl: 'http://127.0.0.1/',
  redirectMode: 'seal',
  orderMarket: 'nse-fo',
  startToken: null,
};
const QUEUED = () => ({ state: 'queued', problem: null }) as const;

describe.skipIf(missingPostgres().length > 0)('the store on Postgres', () => {
  let postgres: RunningPostgres;
  let url: string;
  let open: Store[];

  beforeAll(async () => {
    postgres = await startPostgres(NO_POWER_CUT);
  });
  afterAll(() => postgres.close());
  beforeEach(async () => {
    url = await postgres.database();
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((store) => store.close()));
  });

  /** One more process, as far as the store can tell. */
  async function another(key = KEY): Promise<Store> {
    const store = openStore(await openPostgres({ url, key, failed: () => {} }), key);
    open.push(store);
    await store.processes.beat(Date.now());
    return store;
  }

  async function park(store: Store, labels: readonly string[], acts = false): Promise<void> {
    const now = Date.now();
    for (const label of labels)
      await store.jobs.add(
        {
          account: 'zerodha',
          type: 'quote',
          label,
          acts,
          params: {},
          dedupeKey: null,
          idempotencyKey: acts ? label : null,
          limitAt: now + 10 * MINUTE,
        },
        'there is no session: log in',
        now,
      );
  }

  /** Takes what is queued until there is no more, each time by the next of these processes. */
  async function drain(stores: readonly Store[]): Promise<string[]> {
    const labels: string[] = [];
    for (;;) {
      const store = stores[labels.length % stores.length];
      const job = await store?.jobs.takeNext('zerodha', Date.now());
      if (!job) return labels;
      labels.push(job.label);
      await store?.jobs.end(job, { state: 'done', result: job.label }, Date.now());
    }
  }

  it('is made once by five processes that start at once', async () => {
    const stores = await Promise.all([another(), another(), another(), another(), another()]);
    for (const store of stores) expect(await store.canWrite()).toBe(true);
  });

  it('refuses a process with another key, and names the variable', async () => {
    await another();
    await expect(another(randomBytes(32))).rejects.toThrow(
      'the key is not the one that this database was begun with: give every machine the same KEY_FILE',
    );
  });

  describe('the secrets of the machines', () => {
    const agree = async (secrets: Record<string, string[]>) => (await another()).agree(secrets);

    it('must have one in common, of each name: two while one is replaced', async () => {
      await agree({ 'secret-zerodha': ['old'], 'session-key': ['k'] });
      await agree({ 'secret-zerodha': ['new', 'old'], 'secret-icici': ['i'] });
      await agree({ 'secret-zerodha': ['new'] });
      await expect(agree({ 'secret-zerodha': ['old'] })).rejects.toThrow(
        'DATA_DIR: secret-zerodha is not that of the other API processes on this database: copy it from their DATA_DIR',
      );
      await expect(agree({ 'secret-zerodha': ['new'], 'session-key': ['other'] })).rejects.toThrow(
        /session-key is not/,
      );
      await agree({ 'secret-zerodha': ['new'], 'secret-icici': ['i'], 'session-key': ['k'] });
    });

    it('are changed at once by the statement of the page, which the refusal names', async () => {
      const page = readFileSync(resolve(import.meta.dirname, '../../../backend/many-machines.md'), 'utf8');
      const statement =
        /^DELETE FROM opening_bell\.shared_secrets .*;$/m.exec(page)?.[0] ?? expect.fail('there is none');
      const others = { 'secret-zerodha': ['s'] };
      await agree({ ...others, 'session-key': ['leaked'] });
      const refused = /where it is lost or to be replaced, delete its rows from opening_bell\.shared_secrets/;
      await expect(agree({ ...others, 'session-key': ['new'] })).rejects.toThrow(refused);
      const ground = await openPostgres({ url, key: KEY, failed: () => {} });
      await ground.db.run(statement).finally(ground.close);
      await agree({ ...others, 'session-key': ['new'] });
      await expect(agree({ ...others, 'session-key': ['leaked'] })).rejects.toThrow(/session-key is not/);
      await expect(agree({ 'secret-zerodha': ['other'] })).rejects.toThrow(/secret-zerodha is not/);
    });

    it('are learnt by a database of the version before, which keeps all it had', async () => {
      const store = await another();
      await applied(store, 'x');
      const ground = await openPostgres({ url, key: KEY, failed: () => {} });
      await ground.db.run('DROP TABLE shared_secrets');
      await ground.db.run('DROP TABLE feeds');
      await ground.db.run('ALTER TABLE deliveries DROP COLUMN with_hash');
      await ground.db.run('UPDATE about SET version = 1');
      await ground.close();
      await agree({ 'secret-zerodha': ['a'] });
      await expect(agree({ 'secret-zerodha': ['b'] })).rejects.toThrow(/secret-zerodha is not/);
      expect((await store.sessions.live('zerodha', Date.now()))?.accessToken).toBe('access-x');
    });

    it('are compared when an API process starts, and not by a worker', async () => {
      const [first, second] = [temporaryDir(), temporaryDir()];
      const keyFile = join(first.path, 'key-file');
      writeFileSync(keyFile, KEY.toString('base64'), { mode: 0o600 });
      const start = (dir: string, ROLE: string) =>
        spawnBackend({ DATABASE_URL: url, KEY_FILE: keyFile, DATA_DIR: dir, ROLE }, dir);
      const api = await start(first.path, 'api');
      await expect(start(second.path, 'api')).rejects.toThrow(
        'The backend could not start: DATA_DIR: secret-zerodha is not that of the other API processes',
      );
      const worker = await start(second.path, 'worker');
      cpSync(first.path, second.path, { recursive: true });
      const other = await start(second.path, 'api');
      await Promise.all([api, worker, other].map((backend) => backend.kill('SIGTERM')));
      first.remove();
      second.remove();
    });
  });

  it('holds no token that could be read without the key', async () => {
    const store = await another();
    await applied(store, 'x');
    const { db } = await openPostgres({ url, key: KEY, failed: () => {} }).then((ground) => {
      open.push(openStore(ground, KEY));
      return ground;
    });
    const rows = await db.all('SELECT * FROM sessions, deliveries');
    expect(rows).toHaveLength(1);
    expect(rows.map((row) => Object.values(row).map(String).join(' ')).join()).not.toContain('access-x');
    expect((await store.sessions.live('zerodha', Date.now()))?.accessToken).toBe('access-x');
  });

  async function applied(store: Store, token: string) {
    const now = Date.now();
    await store.deliveries.begin({ id: token, account: 'zerodha', kind: 'one-time', token, capturedAt: now }, now);
    const times = { capturedAt: now, exchangedAt: now, expiresAt: now + 10 * MINUTE };
    const made = { account: 'zerodha', delivery: token, user: 'AB1234', accessToken: `access-${token}` } as const;
    return store.apply({ ...made, ...times }, { at: now });
  }

  it('brings what was queued to one process each, in its order', async () => {
    const stores = await Promise.all([another(), another(), another()]);
    const labels = Array.from({ length: 30 }, (_, i) => String(i));
    await park(stores[0] ?? expect.fail(), labels);
    // Whoever comes second finds nothing to move.
    const moved = await Promise.all(stores.map((store) => store.jobs.move('zerodha', 'parked', QUEUED, Date.now())));
    expect(moved.flat()).toHaveLength(30);
    expect(await drain(stores)).toEqual(labels);
  });

  it('holds up those behind one that has to wait, and goes on in their order', async () => {
    const [one, two] = await Promise.all([another(), another()]);
    await park(one, ['a', 'b', 'c']);
    await one.jobs.move('zerodha', 'parked', QUEUED, Date.now());
    const first = (await one.jobs.takeNext('zerodha', Date.now())) ?? expect.fail('nothing is queued');
    const now = Date.now();
    const limited = {
      state: 'queued',
      problem: 'too many requests',
      notBefore: now + 2 * SECOND,
      isFault: false,
    } as const;
    expect(await one.jobs.end(first, limited, now)).toBe(true);
    for (const store of [one, two, one]) expect(await store.jobs.takeNext('zerodha', now)).toBeNull();
    const ran: string[] = [];
    await until(
      async () => ran.push(...(await drain([two, one]))),
      (count) => count === 3,
    );
    expect(ran).toEqual(['a', 'b', 'c']);
  });

  it('makes a message again that was lost, from its row', async () => {
    const [one, two] = await Promise.all([another(), another()]);
    await park(one, ['a', 'b']);
    await one.jobs.move('zerodha', 'parked', QUEUED, Date.now());
    const { db } = await openPostgres({ url, key: KEY, failed: () => {} }).then((ground) => {
      open.push(openStore(ground, KEY));
      return ground;
    });
    expect(await db.run('DELETE FROM opening_bell_queue.job')).toBe(2);
    expect(await drain([two])).toEqual(['a', 'b']);
  });

  it('tells by one word that prices have moved, however many they are, and nobody where nobody asks', async () => {
    const [one, two] = await Promise.all([another(), another()]);
    const overhearing = new pg.Client(url);
    const words: (string | undefined)[] = [];
    const news: News[] = [];
    overhearing.on('notification', ({ payload }) => words.push(payload));
    overhearing.on('error', () => {});
    await overhearing.connect();
    await overhearing.query('LISTEN opening_bell');
    two.listen((what) => news.push(what));
    // The first word is that it listens.
    await until(
      () => news,
      ({ length }) => length > 0,
    );
    const now = Date.now();
    // More than the 8,000 bytes that a notice takes.
    const ticks = Array.from({ length: 1_000 }, (_, i) => ({ symbol: `NSE:SYMBOL ${i}`, price: i + 0.5, at: now }));
    expect(await one.seats.take('zerodha', now)).toBe(true);
    expect(await one.prices.tell('zerodha', ticks, now)).toBe(false);
    await two.prices.want('zerodha', now);
    expect(await two.prices.tell('zerodha', ticks, now)).toBe(false);
    // It is asked for three seconds only, which a busy machine may take for this.
    await until(
      async () => (await two.prices.want('zerodha', now)) && one.prices.tell('zerodha', ticks, now),
      (isTold) => isTold === true,
    );
    await until(
      () => news,
      (all) => all.includes('prices'),
    );
    expect(await two.prices.ofOthers()).toEqual([{ account: 'zerodha', ticks }]);
    expect(await one.prices.ofOthers()).toEqual([]);
    await until(
      () => words,
      ({ length }) => length > 0,
    );
    expect(words).toEqual(['feeds']);
    await overhearing.end();
  });

  it('tells of a session at once, and again when its server is back', async () => {
    const [one, two] = await Promise.all([another(), another()]);
    let heard = 0;
    two.listen(() => {
      heard += 1;
    });
    const more = async () => {
      const before = heard;
      return () =>
        until(
          () => heard,
          (count) => count > before,
        );
    };
    await until(
      () => heard,
      (count) => count > 0,
    );
    for (const token of ['x', 'y']) {
      const told = await more();
      await applied(one, token);
      await told();
      const again = await more();
      await postgres.crash();
      await again();
    }
  });

  it('keeps the session of a token that was exchanged while its server was away, and exchanges it once', async () => {
    const store = await another();
    let exchanges = 0;
    let restarted: Promise<void> = Promise.resolve();
    const zerodha = {
      async exchange() {
        exchanges += 1;
        await postgres.end();
        restarted = new Promise((wait) => setTimeout(wait, SECOND)).then(postgres.start);
        return { ok: true, user: 'AB1234', accessToken: 'kept' } as const;
      },
      open: () => expect.fail('nobody asks it'),
    };
    const clients = { zerodha, icici: null };
    const deps = { ...store, accounts: [ZERODHA], clients, log: () => {}, now: Date.now, applied: () => {} };
    const capturedAt = Date.now();
    const capture = { kind: 'one-time', token: 't', capturedAt, issuedAt: null, expectedUser: null } as const;
    await store.deliveries.begin({ id: 'd', account: 'zerodha', kind: 'one-time', token: 't', capturedAt }, capturedAt);
    const attempt = { id: 'd', kind: 'one-time', at: capturedAt } as const;
    expect(await exchange(deps, ZERODHA, attempt, capture)).toMatchObject({ ok: true });
    await restarted;
    expect(exchanges).toBe(1);
    expect(await store.sessions.live('zerodha', Date.now())).toMatchObject({ accessToken: 'kept', generation: 1 });
    expect(await store.deliveries.read('d')).toMatchObject({ outcome: 'applied' });
  });

  it('forgets an exchange whose beginning was kept after its process had given up waiting', async () => {
    const ground = await openPostgres({ url, key: KEY, failed: () => {} });
    let keep = () => {};
    const kept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    /** The first transaction is kept only when told to, and whoever asked for it has an error long before. */
    const slowly = <T>(subject: string, work: (tx: Sql) => Promise<T>) =>
      new Promise<T>((_, reject) => {
        db.transaction = ground.db.transaction;
        const slow = async (tx: Sql) => {
          await work(tx);
          reject(new Error('Query read timeout'));
          await kept;
        };
        ground.db.transaction(subject, slow).catch(reject);
      });
    const db = { ...ground.db, transaction: slowly };
    const store = openStore({ ...ground, db }, KEY);
    open.push(store);
    const delivery = { id: 'd', account: 'zerodha', kind: 'one-time', token: 't', capturedAt: 0 } as const;
    const begun = begin({ ...store, now: Date.now }, delivery, null);
    await expect(begun).rejects.toThrow('Query read timeout');
    const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    await until(
      () => ground.db.all(waiting),
      (locks) => locks.length > 0,
    );
    keep();
    await until(
      () => store.deliveries.read('d'),
      (row) => row === null,
    );
    expect(await begin({ ...store, now: Date.now }, delivery, null)).not.toBeNull();
  });

  it('ORD-03 leaves an act of a dead process unknown, and never in the line', async () => {
    const [dead, other] = await Promise.all([another(), another()]);
    await park(dead, ['buy'], true);
    const fate = () => ({ state: 'needs_confirmation', problem: 'waits for a confirmation' }) as const;
    await dead.jobs.move('zerodha', 'parked', fate, Date.now());
    const [waiting] = await dead.lists.newest();
    const taken = await dead.jobs.takeConfirmed(waiting ?? expect.fail(), Date.now());
    expect(taken).toMatchObject({ state: 'running' });
    expect(await other.jobs.takeConfirmed(waiting ?? expect.fail(), Date.now())).toBeNull();
    await dead.processes.leave();
    expect(await other.jobs.takeOver('zerodha', Date.now())).toMatchObject([{ state: 'failed', unknown: 1 }]);
    expect(await other.jobs.takeNext('zerodha', Date.now())).toBeNull();
    // The one that was taken for dead still knows how it ended.
    expect(await dead.jobs.end(taken ?? expect.fail(), { state: 'done', result: 'order 7' }, Date.now())).toBe(true);
  });

  it('is not ready while its server is away, and is again by itself', async () => {
    const dir = temporaryDir();
    const keyFile = join(dir.path, 'key-file');
    writeFileSync(keyFile, KEY.toString('base64'), { mode: 0o600 });
    const backend = await spawnBackend({ DATABASE_URL: url, KEY_FILE: keyFile, DATA_DIR: dir.path }, dir.path);
    const ready = async () => (await fetch(`${backend.url}/ready`)).json();
    try {
      expect(await ready()).toEqual({ ready: true, database: true, configuration: true });
      await postgres.end();
      expect(await ready()).toEqual({ ready: false, database: false, configuration: true });
      await postgres.start();
      await until(ready, (state) => JSON.stringify(state).includes('"ready":true'));
    } finally {
      expect(await backend.kill('SIGTERM')).toBe(0);
      dir.remove();
    }
    expect(backend.output()).not.toContain(new URL(url).password);
  });
});

it.each([
  ['DATABASE_URL: connect ECONNREFUSED', { DATABASE_URL: 'postgres://user:hidden-password@127.0.0.1:1/none' }],
  ['KEY_FILE: nowhere cannot be read', { KEY_FILE: 'nowhere' }],
])('a backend that cannot start says “%s”, and no password', async (words, env) => {
  const dir = temporaryDir();
  const keyFile = join(dir.path, 'key-file');
  writeFileSync(keyFile, KEY.toString('base64'), { mode: 0o600 });
  const started = spawnBackend({ KEY_FILE: keyFile, DATA_DIR: dir.path, ...env }, dir.path);
  await expect(started).rejects.toThrow(words);
  await expect(started).rejects.not.toThrow('hidden-password');
  dir.remove();
});
