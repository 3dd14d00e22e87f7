import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Hono } from 'hono';
import type { BrokerId } from '../../utils/domain/contract.ts';
import { MINUTE } from '../../utils/domain/time.ts';
import { createAdmin } from './admin/admin.ts';
import { adminOnly } from './admin/require.ts';
import { adminRoutes } from './admin/routes.ts';
import type { Config } from './config.ts';
import { djangoRoutes } from './django/routes.ts';
import { createTrigger } from './django/trigger.ts';
import type { TakenUp } from './env-file/adopt.ts';
import { createEnvFile } from './env-file/env-file.ts';
import { createHub } from './events/hub.ts';
import { eventRoutes } from './events/routes.ts';
import { takeSnapshot } from './events/snapshot.ts';
import { createLivePrice } from './fallback/live-price.ts';
import { livePriceRoute } from './fallback/route.ts';
import { createYahoo } from './fallback/yahoo.ts';
import { callbackRoute } from './fastapi/callback.ts';
import { loginRoute, plainLoginUrl } from './fastapi/login.ts';
import type { Feed } from './feed/feed.ts';
import { smallBody } from './guard.ts';
import type { Log, LogEvent } from './log.ts';
import type { Operation } from './queue/operation.ts';
import type { BrokerClient } from './session/client.ts';
import { createEntry, type Enter } from './session/entry.ts';
import type { Outcome } from './session/outcome.ts';
import type { Received } from './session/receive.ts';
import type { Signer } from './session/verify-request.ts';
import { createAlerts } from './session-manager/alerts.ts';
import { managerState } from './session-manager/manager-state.ts';
import { createRefresh } from './session-manager/refresh.ts';
import { sessionManagerRoutes } from './session-manager/routes.ts';
import type { createUsage } from './session-manager/usage.ts';
import { createWebhook } from './session-manager/webhook.ts';
import { openAlertMarks } from './store/alert-marks.ts';
import { openCredentials } from './store/credentials.ts';
import { openExecutionLogs } from './store/execution-logs.ts';
import type { Jobs } from './store/jobs.ts';
import type { Sessions } from './store/sessions.ts';

export interface OlderSystems {
  config: Config;
  /** The `.env` file that is watched where no other one is named, or null. */
  envFile: string | null;
  db: DatabaseSync;
  key: Buffer;
  sessions: Sessions;
  jobs: Jobs;
  feeds: Record<BrokerId, Feed | null>;
  clients: Record<BrokerId, BrokerClient | null>;
  usage: ReturnType<typeof createUsage>;
  operations: readonly Operation[];
  signers: readonly Signer[];
  receive(received: Received): Promise<Outcome>;
  takeUp(account: BrokerId, token: string, enter: Enter): Promise<TakenUp>;
  log: Log;
  now(): number;
}

/** All that the three older systems promise beside sessions, feeds and queue, and the page and the events that show it. */
export function createOlderSystems(deps: OlderSystems) {
  const { config, db, key, sessions, clients, usage, log, now } = deps;
  const { accounts, adminPassword: password, publicUrl } = config;
  const names = accounts.map(({ name }) => name);
  const admin = password === null ? null : createAdmin({ db, key, password, publicUrl, now });
  const credentials = openCredentials(db, key);
  const logs = openExecutionLogs(db);
  const marks = openAlertMarks(db);

  const receive = async (received: Received): Promise<Outcome> => {
    const outcome = await deps.receive(received);
    if (outcome.ok && outcome.type === 'session.applied' && outcome.status === 'applied') keep(received);
    return outcome;
  };
  const enter = createEntry({ signers: deps.signers, receive, log, now });
  const envFile = createEnvFile({
    accounts,
    watched: config.saveTokenTo === null ? deps.envFile : resolve(config.saveTokenTo),
    saved: config.saveTokenTo,
    takeUp: (account, token) => deps.takeUp(account, token, enter),
    log,
  });

  /** A token that was applied goes where the older systems look for it: the credential store, and the `.env` file. */
  function keep({ account: { name }, body }: Received): void {
    const token = name === 'icici' ? tokenIn(body) : sessions.live(name, now())?.accessToken;
    if (token === undefined) return;
    if (name === 'icici') credentials.put('breeze', token, now());
    envFile.save(name, token);
  }

  const livePrice = createLivePrice({
    sessions,
    clients: usage.watch('live price', clients),
    yahoo: config.fallback === 'yahoo' ? createYahoo(now) : null,
    log,
    now,
  });
  const alerts = createAlerts({
    accounts: names,
    sessions,
    marks,
    send: createWebhook(config.alertWebhookUrl, log),
    log,
    now,
  });
  const snapshot = () =>
    takeSnapshot(
      {
        ...deps,
        accounts,
        admin: admin === null ? 'off' : 'on',
        hasFallback: config.fallback !== 'off',
        savesToken: config.saveTokenTo !== null,
        isFallingBack: livePrice.isFallingBack,
        services: usage.list,
        alerts: alerts.latest,
      },
      now(),
    );
  const hub = createHub(snapshot);
  const loginUrl = (name: BrokerId) => accounts.filter((one) => one.name === name).map(plainLoginUrl)[0] ?? '';
  const ticking = setInterval(alerts.tick, MINUTE).unref();

  return {
    receive,
    /** Everything that is logged comes through here as well. */
    hear(event: LogEvent): void {
      hub.hear(event);
      if (event.event === 'session.verified') livePrice.renewed();
      alerts.hear(event);
    },

    /** The brokers' way back. */
    callback(): Hono {
      const routes = new Hono();
      const callback = callbackRoute({
        accounts,
        enter,
        isPinned: ({ name, user }) => user !== null || sessions.pin(name) !== null,
        now,
      });
      routes.get('/api/auth/callback', callback);
      routes.post('/api/auth/callback', smallBody, callback);
      return routes;
    },

    /** Everything else. */
    routes(): Hono {
      const routes = new Hono();
      const only = adminOnly(admin);
      // Not open: a page of another site could log a person in again and again, and each login ends the one before it.
      routes.get('/api/auth/login', loginRoute(accounts));
      const trigger = createTrigger({
        sessions,
        clients: usage.watch('operations', clients),
        logs,
        loginUrl,
        log,
        now,
      });
      const refresh = createRefresh({
        sessions,
        clients: usage.watch('refresh', clients),
        credentials,
        enter,
        log,
        now,
      });
      const state = () => managerState(sessions.state('icici', now()), names.includes('icici'), now());
      routes.route('/', adminRoutes(admin, log));
      routes.route('/', eventRoutes(hub, snapshot));
      routes.route('/', djangoRoutes({ admin: only, enter, trigger, operations: deps.operations }));
      routes.route('/', sessionManagerRoutes({ admin: only, state, refresh, enter, loginUrl }));
      routes.get('/api/breeze-live-price', livePriceRoute(livePrice, now));
      return routes;
    },

    /** Once the backend listens. */
    start(): void {
      envFile.start();
      alerts.tick();
    },

    purge(): void {
      credentials.purge(now());
      logs.purge(now());
      marks.purge(now());
    },

    /** Before the server closes, since an open stream would hold it. */
    async stop(): Promise<void> {
      clearInterval(ticking);
      hub.close();
      await envFile.stop();
    },
  };
}

function tokenIn(body: unknown): string | undefined {
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  const value = typeof token === 'object' && token !== null && 'value' in token ? token.value : undefined;
  return typeof value === 'string' ? value : undefined;
}
