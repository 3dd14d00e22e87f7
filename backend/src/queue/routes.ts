import { Hono } from 'hono';
import { parseJson } from '../../../utils/shared/schema.ts';
import { jsonOnly } from '../http/guard.ts';
import type { Queue } from './queue.ts';

/** The queue over HTTP. Its answers have the shape that the older dashboards read. */
export function queueRoutes(queue: Queue): Hono {
  const routes = new Hono();
  routes.get('/', async (context) => context.json({ jobs: await queue.list() }));
  routes.post('/', jsonOnly, async (context) => {
    const { status, submission } = await queue.submit(parseJson(await context.req.text()));
    return context.json(submission, status);
  });
  routes.get('/:id', async (context) => {
    const job = await queue.find(context.req.param('id'));
    return job === null ? context.json({ error: 'there is no such request' }, 404) : context.json({ job });
  });
  routes.post('/:id/confirm', jsonOnly, async (context) => {
    const { status, submission } = await queue.confirm(context.req.param('id'));
    return context.json(submission, status);
  });
  routes.post('/:id/cancel', jsonOnly, async (context) => {
    const { status, submission } = await queue.cancel(context.req.param('id'));
    return context.json(submission, status);
  });
  return routes;
}
