import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { BrokerId } from '../../utils/domain/contract.ts';
import { explain } from '../../utils/domain/schema.ts';
import { HOUR, SECOND } from '../../utils/domain/time.ts';
import { createApp } from './app.ts';
import { type Account, type Config, type Environment, readConfig } from './config.ts';
import { createTakeUp } from './env-file/take-up.ts';
import { breezeFeed } from './feed/breeze-feed.ts';
import { createFeed } from './feed/feed.ts';
import { kiteFeed } from './feed/kite-feed.ts';
import type { Log } from './log.ts';
import { createOlderSystems } from './older-systems.ts';
import { pairings } from './pairings.ts';
import type { Operation } from './queue/operation.ts';
import { operations as allOperations } from './queue/operations.ts';
import { createQueue } from './queue/queue.ts';
import { dataKey, pairingSecrets, prepareDataDir } from './secrets.ts';
import { iciciClient } from './session/icici.ts';
import { createReceiver } from './session/receive.ts';
import { createRenewal } from './session/renewal.ts';
import { zerodhaClient } from './session/zerodha.ts';
import { createUsage } from './session-manager/usage.ts';
import { openDatabase } from './store/database.ts';
import { openDeliveries } from './store/deliveries.ts';
import { openJobs } from './store/jobs.ts';
import { openSessions } from './store/sessions.ts';

export interface Options {
  log: Log;
  now?(): number;
  operations?: readonly Operation[];
  /** A `.env` file to take new tokens from; `SAVE_TOKEN_TO_ENV` goes before it. */
  envFile?: string;
}

export interface Backend {
  port: number;
  accounts: BrokerId[];
  /** The pairing string of each account. It holds a secret: for a terminal only. */
  pairings(): { account: BrokerId; line: string }[];
  close(): Promise<void>;
}

/** Starts the backend on 127.0.0.1. Throws a sentence that names the variable when the environment is wrong. */
export async function startBackend(
  env: Environment,
  { log: write, now = Date.now, operations = allOperations, envFile }: Options,
): Promise<Backend> {
  const checked = readConfig(env);
  if (!checked.ok) throw new Error(explain(checked.problems));
  const config = checked.value;
  const { accounts, dataDir, publicUrl } = config;
  prepareDataDir(dataDir);
  const signers = accounts.map((account) => ({ account, secrets: pairingSecrets(dataDir, account.name) }));
  const key = dataKey(dataDir);

  const db = openDatabase(dataDir);
  const sessions = openSessions(db, key);
  const deliveries = openDeliveries(db, key);
  const jobs = openJobs(db);
  const clients = {
    zerodha: configured(accounts, 'zerodha', zerodhaClient),
    icici: configured(accounts, 'icici', iciciClient),
  };
  const usage = createUsage(now);
  const log: Log = (event) => {
    write(event);
    older.hear(event);
  };
  const feeds = feedsOf(config, log, now);
  const queue = createQueue({ jobs, sessions, clients: usage.watch('queue', clients), operations, log, now });
  const renewal = createRenewal({
    sessions,
    clients: usage.watch('session check', clients),
    feeds,
    verified: queue.release,
    log,
    now,
  });
  const exchanger = { db, sessions, deliveries, jobs, feeds, clients, log, now, applied: renewal.begin };
  const older = createOlderSystems({
    ...exchanger,
    config,
    envFile: envFile ?? null,
    key,
    usage,
    operations,
    signers,
    receive: createReceiver(exchanger),
    takeUp: createTakeUp(exchanger, signers),
  });

  for (const { account, kind } of deliveries.recover(now())) log({ event: 'delivery.interrupted', account, kind });
  jobs.recover(now());
  const purge = () => {
    deliveries.purge(now());
    jobs.purge(now());
    older.purge();
  };
  purge();

  let port = config.port;
  const self = { port: () => port, publicUrl };
  const app = createApp({
    self,
    queue,
    open: older.open(),
    older: older.routes(),
    signers,
    receive: older.receive,
    log,
    now,
  });
  const serverOptions = { requestTimeout: 10 * SECOND, headersTimeout: 5 * SECOND };
  // Without http2 options this is node's plain HTTP server.
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions }) as Server;
  try {
    port = await listen(server, config.port);
  } catch (error) {
    db.close();
    throw error;
  }
  const purging = setInterval(purge, HOUR).unref();

  for (const { name } of accounts) {
    const session = sessions.recover(name, now());
    if (session === 'unreadable') log({ event: 'session.unreadable', account: name });
    else if (session !== 'none') renewal.begin(session);
  }
  log({ event: 'backend.started', port, accounts: accounts.length });
  older.start();

  return {
    port,
    accounts: accounts.map(({ name }) => name),
    pairings: () => pairings(config, port),
    async close() {
      clearInterval(purging);
      await older.stop();
      await new Promise((resolve) => server.close(resolve));
      renewal.stop();
      for (const feed of Object.values(feeds)) feed?.stop();
      await queue.stop();
      db.close();
      log({ event: 'backend.stopped' });
    },
  };
}

function feedsOf({ accounts, breezeStreams }: Config, log: Log, now: () => number) {
  return {
    zerodha: configured(accounts, 'zerodha', ({ name, apiKey }) =>
      createFeed({ account: name, source: 'Kite ticker', connect: kiteFeed(apiKey), log, now }),
    ),
    icici: configured(accounts, 'icici', ({ name }) =>
      createFeed({ account: name, source: 'Breeze stream', connect: breezeFeed(breezeStreams), log, now }),
    ),
  };
}

function configured<T>(accounts: readonly Account[], broker: BrokerId, make: (account: Account) => T): T | null {
  const account = accounts.find(({ name }) => name === broker);
  return account === undefined ? null : make(account);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
