import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { HOUR } from '../../utils/shared/time.ts';
import { createAccess } from './access/access.ts';
import { createApp, createWatchApp } from './app.ts';
import { createClients } from './brokers/clients.ts';
import { createEnvTokens } from './compat/env-file/env-tokens.ts';
import { callbackRoutes } from './compat/fastapi/callback.ts';
import { loginUrlOf } from './compat/fastapi/login.ts';
import { createUsage } from './compat/nextjs/usage.ts';
import { createOlderSystems } from './compat/older-systems.ts';
import type { Account } from './config/account.ts';
import type { AccountName } from './config/account-name.ts';
import { readConfig } from './config/config.ts';
import { pairings } from './config/pairings.ts';
import { checkSavePlace } from './config/places.ts';
import { explain, type ToldProblem } from './config/problems.ts';
import { pairingSecrets, prepareDataDir, secretFile, sharedSecrets } from './config/secrets.ts';
import type { Environment } from './config/settings.ts';
import { signInLinks } from './console/links.ts';
import { pageRoutes } from './console/page/files.ts';
import { createFeeds } from './feed/feeds.ts';
import { createFeedKeeper } from './feed/keeper.ts';
import { createTicks } from './feed/ticks.ts';
import { encryptionKey, openGround } from './ground.ts';
import { closeServer, listen, SERVER_OPTIONS } from './http/server.ts';
import { type Log, pulseFailed, toAll } from './log/log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createPulse } from './pulse.ts';
import type { Operation } from './queue/operation.ts';
import { operations as allOperations } from './queue/operations.ts';
import { createQueue } from './queue/queue.ts';
import { readiness } from './readiness.ts';
import { createReminders } from './reminders/reminders.ts';
import { createChecks } from './session/checks.ts';
import { createEntry } from './session/entry.ts';
import { createFollow } from './session/follow.ts';
import { createReceiver } from './session/receive.ts';
import { currentRevision } from './session/report.ts';
import { takeUp } from './session/take-up.ts';
import { createWaits } from './session/waits.ts';
import { openStore, type Store } from './store/store.ts';
import type { Session } from './store/tables/sessions.ts';

export interface Options {
  log: Log;
  now?(): number;
  operations?: readonly Operation[];
  /** A `.env` file to take new tokens from; `SAVE_TOKEN_TO_ENV` goes before it. */
  envFile?: string;
  /** What is wrong with the file that the environment came from. */
  inFile?: readonly ToldProblem[];
}

export interface Backend {
  port: number;
  accounts: AccountName[];
  /** The pairing string of each account. It holds a secret: for a terminal only. */
  pairings(): { account: AccountName; line: string }[];
  /** Addresses of the page that sign the administrator in once. They hold a key: for a terminal only. */
  links(): string[];
  close(): Promise<void>;
}

/** Starts the backend, on 127.0.0.1 unless BIND says otherwise. Throws a sentence that names the variable when the environment is wrong. */
export async function startBackend(
  env: Environment,
  { log: output, now = Date.now, operations = allOperations, envFile, inFile }: Options,
): Promise<Backend> {
  const checked = readConfig(env, inFile);
  if (!checked.ok) throw new Error(explain(checked.problems));
  const config = checked.value;
  const { accounts, broken, bind, dataDir, keyFile, role, saveTokenTo } = config;
  const names = accounts.map(({ name }) => name);
  prepareDataDir(dataDir);
  checkSavePlace(saveTokenTo);
  // A worker takes no delivery: the secrets have no business on its machine.
  const paired = role === 'worker' ? [] : accounts;
  const signers = paired.map((account) => ({ account, secrets: pairingSecrets(dataDir, account.name) }));

  const key = encryptionKey(config);
  const failed = (error: unknown) => pulseFailed(log)(error);
  const store = openStore(await openGround(config, key, failed), key);
  const { processes, sessions, deliveries, lists } = store;
  if (role !== 'worker') await store.agree(sharedSecrets(dataDir, names)).catch((error) => closed(store, error));
  await processes.beat(now());
  const metrics = createMetrics({
    accounts: names,
    broken: broken.map(({ name }) => name),
    session: (account) => sessions.state(account, now()),
    feed: async (account) => (await keeper.read(account))?.state,
    queue: lists.report,
    now,
  });
  const log = toAll(output, metrics.log, (event) => {
    older.hear(event);
    // What a feed logs is news for the other processes as well.
    if (event.event.startsWith('feed.')) pulse.run();
  });
  const clients = createClients(accounts, log, now);
  const ticks = createTicks({ ...store, accounts: names, now });
  const feeds = createFeeds(config, clients, ticks, log, now);
  const keeper = createFeedKeeper({ ...store, feeds, now });
  const usage = createUsage(now);
  const markets = Object.fromEntries(accounts.map(({ name, orderMarket }) => [name, orderMarket]));
  const queue = createQueue({ ...store, clients: usage.watch('queue', clients), operations, markets, log, now });
  const checks = createChecks({
    ...store,
    clients: usage.watch('session check', clients),
    answered: () => pulse.run(),
    log,
    now,
  });
  const follow = createFollow({ sessions, keeper, log, now });
  const waits = createWaits((account) => currentRevision({ ...store, keeper, now }, account));
  const pulse = createPulse({ ...store, runsQueue: role !== 'api', queue, checks, follow, waits, accounts, log, now });
  const exchanger = { ...store, accounts, clients, log, now, applied };
  const receive = createReceiver({ ...exchanger, keeper, refresh, waits });
  const enter = createEntry({ signers, receive, log, now });
  let port = config.port;
  const loginUrl = loginUrlOf(accounts, config.publicUrl, () => port);
  const access = createAccess(config, store, () => port, now);
  const parts = { config, store, clients, keeper, ticks, usage, access, operations, enter, loginUrl, log, now };
  const older = createOlderSystems(parts);
  const reminders = createReminders(parts);
  const tokens = createEnvTokens({
    accounts,
    watched: saveTokenTo === null ? (envFile ?? null) : resolve(saveTokenTo),
    saved: saveTokenTo,
    takeUp: (account, token) => takeUp(exchanger, store.key, account, token),
    log,
  });

  await deliveries.forgetMendable();
  await store.purge(now());
  const purge = () => void store.purge(now()).catch(failed);

  const secretFiles = [keyFile ?? join(dataDir, 'key'), ...paired.map(({ name }) => join(dataDir, secretFile(name)))];
  const watched = {
    access,
    metrics,
    ready: () => readiness(store.canWrite, secretFiles),
    log,
  };
  const app =
    role === 'worker'
      ? createWatchApp({ ...watched, view: older.view() })
      : createApp({
          ...watched,
          queue,
          callback: callbackRoutes({ ...access, accounts, enter, isPinned, now }),
          pages: pageRoutes(),
          older: older.routes(),
          signers,
          receive,
          senderOf: access.senderOf,
          names,
          live,
          now,
        });
  // Without http2 options this is node's plain HTTP server.
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: SERVER_OPTIONS }) as Server;
  try {
    port = await listen(server, config.port, bind);
  } catch (error) {
    await closed(store, error);
  }
  const purging = setInterval(purge, HOUR).unref();

  for (const name of names) {
    if ((await sessions.recover(name, now())) === 'unreadable') log({ event: 'session.unreadable', account: name });
    else await checks.want(name);
  }
  store.listen((news) => (news === 'prices' ? ticks.look() : pulse.run()));
  pulse.start();
  log({ event: 'backend.started', port, accounts: accounts.length });
  for (const { name, problems } of broken)
    log({ event: 'account.left_out', account: name, variables: problems.map(({ field }) => field) });
  if (bind !== '127.0.0.1') log({ event: 'backend.exposed', port });
  // A token of the environment is taken up by those that take deliveries.
  if (role !== 'worker') tokens.start();
  older.start();
  reminders.start();

  return {
    port,
    accounts: names,
    pairings: () => (role === 'worker' ? [] : pairings(config, port)),
    links: () => (role === 'worker' ? [] : signInLinks(config, key, port, now())),
    async close() {
      clearInterval(purging);
      waits.stop();
      older.stop();
      await reminders.stop();
      await closeServer(server);
      await pulse.stop();
      await keeper.stop().catch(() => undefined);
      checks.stop();
      await Promise.all([queue.stop(), tokens.stop()]);
      await store.close();
      log({ event: 'backend.stopped' });
    },
  };

  function applied(session: Session): void {
    pulse.run();
    tokens.save(session);
  }

  /** A status request: what another process applied is taken up, and the broker is asked when its last answer is old. */
  async function refresh(account: AccountName): Promise<void> {
    await store.marks.see(account, now());
    await follow.pulse(account);
    await checks.want(account);
  }

  /** The session for the person's own code. */
  async function live(account: AccountName): Promise<Session | null> {
    const session = await sessions.live(account, now());
    if (session !== null) usage.note('your own code', account);
    return session;
  }

  /** True when it is known whose login the account takes. */
  async function isPinned({ name, user }: Account): Promise<boolean> {
    return user !== null || (await sessions.pin(name)) !== null;
  }
}

async function closed(store: Store, error: unknown): Promise<never> {
  await store.close();
  throw error;
}
