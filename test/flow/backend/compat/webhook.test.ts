import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../../../backend/src/compat/nextjs/alerts.ts';
import { createWebhook } from '../../../../backend/src/compat/nextjs/webhook.ts';
import type { LogEvent } from '../../../../backend/src/log/log.ts';
import { until } from '../../../support/until.ts';

const alert = (kind: Alert['alert']): Alert => ({ alert: kind, account: 'zerodha', at: '2026-11-30T04:00:00.000Z' });

let answers: number[];
let heard: string[];
let events: LogEvent[];
let webhook: ReturnType<typeof createWebhook>;

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  heard.push(JSON.parse(body).alert);
  response.writeHead(answers.shift() ?? 200).end();
});

beforeEach(async () => {
  [answers, heard, events] = [[], [], []];
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const log = (event: LogEvent) => void events.push(event);
  webhook = createWebhook(`http://127.0.0.1:${port}/alerts`, log, { waitsMs: [0, 0, 0] });
});
afterEach(async () => {
  webhook.stop();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** Sends two alerts, and gives the posts that came of them. */
async function postsOf(count: number): Promise<string[]> {
  webhook.send(alert('expiring'));
  webhook.send(alert('renewed'));
  await until(
    () => heard,
    ({ length }) => length >= count,
  );
  return heard;
}

describe('an alert that the webhook did not take', () => {
  it.each<[what: string, answers: number[], posts: string[]]>([
    ['is sent again before the next one', [503], ['expiring', 'expiring', 'renewed']],
    ['is given up after four attempts', [500, 500, 500, 500], [...Array<string>(4).fill('expiring'), 'renewed']],
    ['is not sent again where it is refused for good', [404], ['expiring', 'renewed']],
  ])('%s', async (_what, given, posts) => {
    answers = [...given];
    expect(await postsOf(posts.length)).toEqual(posts);
    const lost =
      given.at(-1) === 503 ? [] : [{ event: 'alert.not_sent', alert: 'expiring', why: `answered ${given.at(-1)}` }];
    expect(events).toEqual(lost);
  });

  it('is not sent again once the backend stops', async () => {
    answers = [503];
    webhook.send(alert('expiring'));
    await until(
      () => heard,
      ({ length }) => length >= 1,
    );
    webhook.stop();
    webhook.send(alert('renewed'));
    await new Promise((turn) => setTimeout(turn, 100));
    expect(heard).not.toContain('renewed');
  });
});
