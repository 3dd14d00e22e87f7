import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { BrokerId } from '../../utils/domain/contract.ts';
import { explain } from '../../utils/domain/schema.ts';
import { HOUR, SECOND } from '../../utils/domain/time.ts';
import { createApp } from './app.ts';
import { type Account, type Config, type Environment, readConfig } from './config.ts';
import { breezeFeed } from './feed/breeze-feed.ts';
import { createFeed } from './feed/feed.ts';
import { kiteFeed } from './feed/kite-feed.ts';
import type { Log } from './log.ts';
import { pairings } from './pairings.ts';
import { createPulse } from './pulse.ts';
import type { Operation } from './queue/operation.ts';
import { operations as allOperations } from './queue/operations.ts';
import { createQueue } from './queue/queue.ts';
import { dataKey, pairingSecrets, prepareDataDir, sessionKey } from './secrets.ts';
import { createChecks } from './session/checks.ts';
import { createFollow } from './session/follow.ts';
import { iciciClient } from './session/icici.ts';
import { createReceiver } from './session/receive.ts';
import { takeUp } from './session/take-up.ts';
import { zerodhaClient } from './session/zerodha.ts';
import { openCheckClaims } from './store/checks.ts';
import { openDatabase } from './store/database.ts';
import { openDeliveries } from './store/deliveries.ts';
import { openJobLists } from './store/job-lists.ts';
import { openJobs } from './store/jobs.ts';
import { openProcesses } from './store/processes.ts';
import { openSessions } from './store/sessions.ts';

export interface Options {
  log: Log;
  now?(): number;
  operations?: readonly Operation[];
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
  { log, now = Date.now, operations = allOperations }: Options,
): Promise<Backend> {
  const checked = readConfig(env);
  if (!checked.ok) throw new Error(explain(checked.problems));
  const config = checked.value;
  const { accounts, dataDir, publicUrl } = config;
  prepareDataDir(dataDir);
  const signers = accounts.map((account) => ({ account, secrets: pairingSecrets(dataDir, account.name) }));
  const key = dataKey(dataDir);

  const db = openDatabase(dataDir);
  const processes = openProcesses(db);
  processes.beat(now());
  const sessions = openSessions(db, key);
  const deliveries = openDeliveries(db, key, processes.id);
  const claims = openCheckClaims(db, processes.id);
  const jobs = openJobs(db, processes.id);
  const lists = openJobLists(db);
  const clients = {
    zerodha: configured(accounts, 'zerodha', zerodhaClient),
    icici: configured(accounts, 'icici', iciciClient),
  };
  const feeds = feedsOf(config, log, now);
  const queue = createQueue({ jobs, lists, sessions, clients, operations, log, now });
  const checks = createChecks({ sessions, claims, clients, answered: () => pulse.run(), log, now });
  const follow = createFollow({ sessions, feeds, log, now });
  const pulse = createPulse({ processes, deliveries, claims, queue, checks, follow, accounts, log, now });
  const exchanger = { db, sessions, deliveries, clients, log, now, applied: () => pulse.run() };
  const receive = createReceiver({
    ...exchanger,
    lists,
    feeds,
    refresh(account) {
      follow.pulse(account);
      checks.want(account);
    },
  });

  deliveries.forgetMendable();
  const purge = () => {
    deliveries.purge(now());
    jobs.purge(now());
  };
  purge();

  let port = config.port;
  const live = (account: BrokerId) => sessions.live(account, now());
  const self = { port: () => port, publicUrl };
  const app = createApp({ self, queue, signers, receive, key: sessionKey(dataDir), live, log, now });
  const serverOptions = { requestTimeout: 10 * SECOND, headersTimeout: 5 * SECOND };
  // Without http2 options this is node's plain HTTP server.
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions }) as Server;
  try {
    port = await listen(server, config.port);
  } catch (error) {
    processes.leave();
    db.close();
    throw error;
  }
  const purging = setInterval(purge, HOUR).unref();

  for (const { name } of accounts) {
    if (sessions.recover(name, now()) === 'unreadable') log({ event: 'session.unreadable', account: name });
    else checks.want(name);
  }
  pulse.start();
  const takingUp = Promise.all(accounts.map(takeUpStartToken));
  log({ event: 'backend.started', port, accounts: accounts.length });

  return {
    port,
    accounts: accounts.map(({ name }) => name),
    pairings: () => pairings(config, port),
    async close() {
      clearInterval(purging);
      await new Promise((resolve) => server.close(resolve));
      pulse.stop();
      for (const feed of Object.values(feeds)) feed?.stop();
      checks.stop();
      await Promise.all([queue.stop(), takingUp]);
      processes.leave();
      db.close();
      log({ event: 'backend.stopped' });
    },
  };

  async function takeUpStartToken(account: Account): Promise<void> {
    if (account.startToken === null) return;
    const outcome = await takeUp(exchanger, key, account, account.startToken);
    log({ event: 'session.taken_up', account: account.name, outcome });
  }
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
