import { type Context, Hono } from 'hono';
import type { Hub } from './hub.ts';
import type { Snapshot } from './snapshot.ts';
import type { TickStream } from './tick-stream.ts';

// nginx would gather events until its buffer is full.
const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };

/** `GET /events` as it changes, `GET /status` as it stands, `GET /ticks` the prices of the feeds. */
export function eventRoutes(hub: Hub, prices: TickStream, snapshot: () => Promise<Snapshot>): Hono {
  const routes = new Hono();
  routes.get('/status', async (context) => context.json(await snapshot()));
  routes.get('/events', async (context) => streamed(context, await hub.open()));
  routes.get('/ticks', (context) => streamed(context, prices.open()));
  return routes;
}

function streamed(context: Context, stream: ReadableStream<Uint8Array> | null): Response {
  if (stream === null) return context.json({ error: 'no more listeners now' }, 503);
  return context.body(stream, 200, HEADERS);
}
