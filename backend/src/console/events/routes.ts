import { Hono } from 'hono';
import type { Hub } from './hub.ts';
import type { Snapshot } from './snapshot.ts';

/** `GET /events` as it changes, `GET /status` as it stands. */
export function eventRoutes(hub: Hub, snapshot: () => Promise<Snapshot>): Hono {
  const routes = new Hono();
  routes.get('/status', async (context) => context.json(await snapshot()));
  routes.get('/events', async (context) => {
    const stream = await hub.open();
    if (stream === null) return context.json({ error: 'no more listeners now' }, 503);
    // nginx would gather events until its buffer is full.
    return context.body(stream, 200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  });
  return routes;
}
