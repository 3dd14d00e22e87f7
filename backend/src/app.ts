import { Hono } from 'hono';
import type { Access } from './access/admit.ts';
import { guardRoutes, nothingThere } from './access/guard-routes.ts';
import { isThisMachine } from './access/this-machine.ts';
import { jsonOnly, plainHeaders } from './http/guard.ts';
import { ownPath } from './http/own-path.ts';
import { causeOf } from './log/cause.ts';
import type { Log } from './log/log.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Queue } from './queue/queue.ts';
import { queueRoutes } from './queue/routes.ts';
import type { Readiness } from './readiness.ts';
import { type KeyRoute, keyRoute } from './session/key-route.ts';
import { type SessionRoute, sessionRoute } from './session/route.ts';

export interface Watched {
  access: Access;
  metrics: Metrics;
  ready(): Promise<Readiness>;
  log: Log;
}

export interface App extends SessionRoute, KeyRoute, Watched {
  queue: Queue;
  callback: Hono;
  pages: Hono;
  older: Hono;
}

/** A worker takes nothing: it says how it is. */
export function createWatchApp({ view, ...watched }: Watched & { view: Hono }): Hono {
  const routes = watchRoutes(watched);
  routes.route('/', view);
  return guarded(routes, watched, 'not found: this process is a worker');
}

export function createApp({ queue, callback, pages, older, ...rest }: App): Hono {
  const routes = watchRoutes(rest);
  routes.route('/', callback);
  routes.route('/', pages);
  routes.route('/', older);
  routes.post('/session', jsonOnly, sessionRoute(rest));
  routes.get('/session/:account', keyRoute(rest));
  routes.route('/queue', queueRoutes(queue));
  return guarded(routes, rest, 'not found');
}

/** What a supervisor and Prometheus ask for. */
function watchRoutes({ access, ready, metrics }: Watched): Hono {
  const routes = new Hono();
  routes.get('/health', (context) => context.json({ ok: true }));
  routes.get('/ready', async (context) => {
    const readiness = await ready();
    const said = isThisMachine(context, access.self) ? readiness : { ready: readiness.ready };
    return context.json(said, readiness.ready ? 200 : 503);
  });
  routes.get('/metrics', async (context) =>
    context.text(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  return routes;
}

function guarded(routes: Hono, { access, log }: Watched, notFound: string): Hono {
  const app = new Hono({ getPath: (request) => ownPath(request, access.self.publicUrl) });
  app.use(plainHeaders);
  guardRoutes(app, routes, access);
  app.notFound(nothingThere(access.self, notFound));
  app.onError((error, context) => {
    log({ event: 'request.failed', ...causeOf(error) });
    return context.json({ error: 'this backend failed at that request' }, 500);
  });
  return app;
}
