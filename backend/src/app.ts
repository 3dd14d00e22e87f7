import { Hono } from 'hono';
import { parseJson } from '../../utils/domain/schema.ts';
import { jsonOnly, knownHost, noWebPage, plainHeaders, type Self, smallBody } from './guard.ts';
import type { Queue } from './queue/queue.ts';
import { type SessionRoute, sessionRoute } from './session/route.ts';

const WELCOME = 'This is the reference backend of Opening Bell. To connect the extension, run: npm run pair\n';

export interface App extends SessionRoute {
  self: Self;
  queue: Queue;
}

export function createApp({ self, queue, ...session }: App): Hono {
  const app = new Hono();
  app.use(plainHeaders, knownHost(self), noWebPage(self));
  app.get('/', (context) => context.text(WELCOME));
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
