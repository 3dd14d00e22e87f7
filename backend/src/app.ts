import { Hono } from 'hono';
import { parseJson } from '../../utils/domain/schema.ts';
import { jsonOnly, knownHost, noWebPage, plainHeaders, type Self, smallBody } from './guard.ts';
import type { Queue } from './queue/queue.ts';
import { type SessionRoute, sessionRoute } from './session/route.ts';

export interface App extends SessionRoute {
  self: Self;
  queue: Queue;
  /** What another site's link or redirect may open. */
  open: Hono;
  /** What it may not. */
  older: Hono;
}

export function createApp({ self, queue, open, older, ...session }: App): Hono {
  const app = new Hono();
  app.use(plainHeaders, knownHost(self));
  app.route('/', open);
  app.use(noWebPage(self));
  app.route('/', older);
  app.get('/health', (context) => context.json({ ok: true }));
  app.post('/session', jsonOnly, smallBody, sessionRoute(session));
  app.get('/queue', (context) => context.json({ jobs: queue.list() }));
  app.post('/queue', jsonOnly, smallBody, async (context) => {
    const { valid, submission } = await queue.submit(parseJson(await context.req.text()));
    return context.json(submission, valid ? 200 : 400);
  });
  app.notFound((context) => context.json({ error: 'not found' }, 404));
  app.onError((_error, context) => {
    session.log({ event: 'request.failed' });
    return context.json({ error: 'this backend failed at that request' }, 500);
  });
  return app;
}
