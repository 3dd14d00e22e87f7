import { Hono } from 'hono';
import { adminRoutes } from '../console/admin/routes.ts';
import { createLiveView } from '../console/events/live-view.ts';
import type { LogEvent } from '../log/log.ts';
import type { Parts } from '../parts.ts';
import { breezeAccount } from './breeze-account.ts';
import { djangoRoutes } from './django/routes.ts';
import { createTrigger } from './django/trigger.ts';
import { loginRoute } from './fastapi/login.ts';
import { createSessionManager } from './nextjs/session-manager.ts';
import { createFallback } from './price-fallback/fallback.ts';

/** What the older systems' dashboards ask for, and the events and states that our page shows. */
export function createOlderSystems(parts: Parts) {
  const { access, config, store, clients, usage } = parts;
  const manager = createSessionManager(parts);
  const fallback = createFallback(parts);
  const view = createLiveView(parts, {
    isFallingBack: fallback.isActive,
    alerts: manager.alerts,
  });

  return {
    /** Everything that is logged comes through here as well. */
    hear(event: LogEvent): void {
      view.hear(event);
      fallback.hear(event);
      manager.hear(event);
    },

    /** Where everything stands, alone. */
    view: () => view.routes(),

    routes(): Hono {
      const routes = new Hono();
      const trigger = createTrigger({ ...parts, ...store, clients: usage.watch('operations', clients) });
      routes.route('/', adminRoutes({ ...parts, admin: access.admin, accounts: config.accounts }));
      routes.route('/', view.routes());
      routes.route(
        '/',
        djangoRoutes({ ...parts, trigger, breeze: breezeAccount(config.accounts.map(({ name }) => name)) }),
      );
      routes.route('/', manager.routes());
      routes.get('/api/breeze-live-price', fallback.route());
      // Not for another site: it could log a person in again and again, and each login ends the one before it.
      routes.get('/api/auth/login', loginRoute({ ...config, clients, logins: access.logins }));
      return routes;
    },

    /** Once the backend listens. */
    start: manager.start,

    /** Before the server closes, since an open stream would hold it up. */
    stop(): void {
      manager.stop();
      view.stop();
    },
  };
}
