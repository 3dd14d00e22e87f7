import { Hono } from 'hono';
import { jsonOnly, knownHost, noWebPage, plainHeaders, type Self, smallBody } from './guard.ts';
import type { Queue } from './queue/queue.ts';
import { queueRoutes } from './queue/routes.ts';
import { type KeyRoute, keyRoute } from './session/key-route.ts';
import { type SessionRoute, sessionRoute } from './session/route.ts';

const WELCOME = 'This is the reference backend of Opening Bell. To connect the extension, run: npm run pair\n';

export interface App extends SessionRoute, KeyRoute {
  self: Self;
  queue: Queue;
}

export function createApp({ self, queue, ...session }: App): Hono {
  const app = new Hono();
  app.use(plainHeaders, knownHost(self), noWebPage(self));
  app.get('/', (context) => context.text(WELCOME));
  app.get('/health', (context) => context.json({ ok: true }));
  app.post('/session', jsonOnly, smallBody, sessionRoute(session));
  app.get('/session/:account', keyRoute(session));
  app.route('/queue', queueRoutes(queue));
  app.notFound((context) => context.json({ error: 'not found' }, 404));
  app.onError((_error, context) => {
    session.log({ event: 'request.failed' });
    return context.json({ error: 'this backend failed at that request' }, 500);
  });
  return app;
}
