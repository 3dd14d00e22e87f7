import { Hono } from 'hono';
import {
  jsonOnly,
  knownHost,
  noForeignLink,
  noForeignOrigin,
  noForeignTag,
  plainHeaders,
  type Self,
  smallBody,
} from './http/guard.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Queue } from './queue/queue.ts';
import { queueRoutes } from './queue/routes.ts';
import type { Readiness } from './readiness.ts';
import { type KeyRoute, keyRoute } from './session/key-route.ts';
import { type SessionRoute, sessionRoute } from './session/route.ts';

export interface App extends SessionRoute, KeyRoute {
  self: Self;
  queue: Queue;
  metrics: Metrics;
  ready(): Promise<Readiness>;
  /** What another site may send a browser to, its form included. */
  callback: Hono;
  /** What another site's link may open. */
  pages: Hono;
  /** What neither may. */
  older: Hono;
}

/** A worker takes nothing: it says how it is. */
export function createWatchApp({
  self,
  metrics,
  ready,
  view,
  log,
}: Pick<App, 'self' | 'metrics' | 'ready' | 'log'> & { view: Hono }): Hono {
  const app = new Hono();
  app.use(plainHeaders, knownHost(self), noForeignOrigin(self), noForeignTag, noForeignLink);
  app.route('/', view);
  app.route('/', watchRoutes(ready, metrics));
  app.notFound((context) => context.json({ error: 'not found: this process is a worker' }, 404));
  return withErrors(app, log);
}

export function createApp({ self, queue, metrics, ready, callback, pages, older, ...session }: App): Hono {
  const app = new Hono();
  app.use(plainHeaders, knownHost(self));
  app.route('/', callback);
  app.use(noForeignOrigin(self), noForeignTag);
  app.route('/', pages);
  app.use(noForeignLink);
  app.route('/', older);
  app.route('/', watchRoutes(ready, metrics));
  app.post('/session', jsonOnly, smallBody, sessionRoute(session));
  app.get('/session/:account', keyRoute(session));
  app.route('/queue', queueRoutes(queue));
  app.notFound((context) => context.json({ error: 'not found' }, 404));
  return withErrors(app, session.log);
}

/** What a supervisor and Prometheus ask for. */
function watchRoutes(ready: App['ready'], metrics: Metrics): Hono {
  const routes = new Hono();
  routes.get('/health', (context) => context.json({ ok: true }));
  routes.get('/ready', async (context) => {
    const readiness = await ready();
    return context.json(readiness, readiness.ready ? 200 : 503);
  });
  routes.get('/metrics', async (context) =>
    context.text(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  return routes;
}

function withErrors(app: Hono, log: App['log']): Hono {
  app.onError((_error, context) => {
    log({ event: 'request.failed' });
    return context.json({ error: 'this backend failed at that request' }, 500);
  });
  return app;
}
