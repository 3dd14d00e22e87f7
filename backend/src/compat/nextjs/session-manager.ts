import type { Hono } from 'hono';
import { MINUTE } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Parts } from '../../parts.ts';
import { breezeAccount } from '../breeze-account.ts';
import { createAlerts } from './alerts.ts';
import { managerState } from './manager-state.ts';
import { createRefresh } from './refresh.ts';
import { sessionManagerRoutes } from './routes.ts';
import { createWebhook } from './webhook.ts';

/** The session manager of the Next.js system: its state, its two actions, its alerts. */
export function createSessionManager(parts: Parts) {
  const { config, store, clients, usage, log, now } = parts;
  const names = config.accounts.map(({ name }) => name);
  const webhook = createWebhook(config.alertWebhookUrl, log);
  const alerts = createAlerts({ ...store, accounts: names, send: webhook.send, log, now });
  let ticking: NodeJS.Timeout | undefined;

  return {
    alerts: alerts.latest,
    hear: alerts.hear,

    routes(): Hono {
      const refresh = createRefresh({ ...parts, ...store, clients: usage.watch('refresh', clients) });
      const state = async (account: AccountName) =>
        managerState(await store.sessions.state(account, now()), names.includes(account), now());
      return sessionManagerRoutes({ ...parts, state, refresh, breeze: breezeAccount(names) });
    },

    start(): void {
      ticking = setInterval(alerts.tick, MINUTE).unref();
      alerts.tick();
    },
    stop(): void {
      clearInterval(ticking);
      webhook.stop();
    },
  };
}
