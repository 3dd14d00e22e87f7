import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { BrokerId } from '../../utils/domain/contract.ts';
import { explain } from '../../utils/domain/schema.ts';
import { HOUR } from '../../utils/domain/time.ts';
import { createApp } from './app.ts';
import { type Account, type Config, type Environment, readConfig } from './config.ts';
import { createTakeUp } from './env-file/take-up.ts';
import { breezeFeed } from './feed/breeze-feed.ts';
import { createFeed } from './feed/feed.ts';
import { kiteFeed } from './feed/kite-feed.ts';
import { type Log, toAll } from './log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createOlderSystems } from './older-systems.ts';
import { pageRoutes } from './page/files.ts';
import { pairings } from './pairings.ts';
import type { Operation } from './queue/operation.ts';
import { operations as allOperations } from './queue/operations.ts';
import { createQueue } from './queue/queue.ts';
import { readiness } from './readiness.ts';
import { dataKey, pairingSecrets, prepareDataDir } from './secrets.ts';
import { closeServer, listen, SERVER_OPTIONS } from './server.ts';
import type { BrokerClient } from './session/client.ts';
import { iciciClient } from './session/icici.ts';
import { createReceiver } from './session/receive.ts';
import { createRenewal } from './session/renewal.ts';
import { zerodhaClient } from './session/zerodha.ts';
import { createUsage } from './session-manager/usage.ts';
import { openDatabase } from './store/database.ts';
import { openDeliveries } from './store/deliveries.ts';
import { openJobs } from './store/jobs.ts';
import { openSessions } from './store/sessions.ts';
import { watchedClient } from './watched-client.ts';

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

/** Starts the backend, on 127.0.0.1 unless BIND says otherwise. Throws a sentence that names the variable when the environment is wrong. */
export async function startBackend(
  env: Environment,
  { log: output, now = Date.now, operations = allOperations, envFile }: Options,
): Promise<Backend> {
  const checked = readConfig(env);
  if (!checked.ok) throw new Error(explain(checked.problems));
  const config = checked.value;
  const { accounts, bind, dataDir, publicUrl } = config;
  const names = accounts.map(({ name }) => name);
  prepareDataDir(dataDir);
  const signers = accounts.map((account) => ({ account, secrets: pairingSecrets(dataDir, account.name) }));
  const key = dataKey(dataDir);

  const db = openDatabase(dataDir);
  const sessions = openSessions(db, key);
  const deliveries = openDeliveries(db, key);
  const jobs = openJobs(db);
  const metrics = createMetrics({
    accounts: names,
    session: (account) => sessions.state(account, now()),
    feed: (account) => feeds[account]?.state(),
    queue: jobs.report,
    now,
  });
  const log = toAll(output, metrics.log, (event) => older.hear(event));
  const watched = (make: (account: Account) => BrokerClient) => (account: Account) =>
    watchedClient(make(account), { account: account.name, log, now });
  const clients = {
    zerodha: configured(accounts, 'zerodha', watched(zerodhaClient)),
    icici: configured(accounts, 'icici', watched(iciciClient)),
  };
  const usage = createUsage(now);
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
    metrics,
    ready: () => readiness(db, dataDir, names),
    callback: older.callback(),
    pages: pageRoutes(),
    older: older.routes(),
    signers,
    receive: older.receive,
    log,
    now,
  });
  // Without http2 options this is node's plain HTTP server.
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: SERVER_OPTIONS }) as Server;
  try {
    port = await listen(server, config.port, bind);
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
  if (bind !== '127.0.0.1') log({ event: 'backend.exposed', port });
  older.start();

  return {
    port,
    accounts: names,
    pairings: () => pairings(config, port),
    async close() {
      clearInterval(purging);
      await older.stop();
      await closeServer(server);
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
