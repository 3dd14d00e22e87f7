import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Host } from './hosts.ts';

/** A request as the practice brokers see it. Unlike a Fetch request it may be a GET with a body, which Breeze wants. */
export interface Asked {
  method: string;
  host: Host;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

/** `hang-up`: the connection ends without an answer. */
export type Answer = { status: number; headers: OutgoingHttpHeaders; body: string } | 'hang-up';

/** One line of what a broker was asked. `status` 0 stands for no answer. */
export interface Seen {
  at: number;
  host: Host;
  method: string;
  /** Path and query. */
  url: string;
  status: number;
}

/** One exchange of a token for a session. */
export interface Exchange<Outcome> {
  at: number;
  token: string;
  outcome: Outcome;
}

export function json(body: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function html(body: string, status = 200): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body };
}

/** A service worker that passes every request of its origin on. */
export function worker(): Answer {
  const body = `oninstall = () => skipWaiting();
onactivate = (event) => event.waitUntil(clients.claim());
onfetch = (event) => event.respondWith(fetch(event.request));`;
  return { status: 200, headers: { 'content-type': 'text/javascript' }, body };
}

export function redirect(location: string, headers: OutgoingHttpHeaders = {}): Answer {
  return { status: 302, headers: { location, 'cache-control': 'no-store', ...headers }, body: '' };
}

/** `url` with more query parameters. Kept as text, since a registered URL may lack its scheme. */
export function withQuery(url: string, parameters: Iterable<readonly [string, string]>): string {
  const query = new URLSearchParams([...parameters].map(([name, value]) => [name, value])).toString();
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

export async function read(request: IncomingMessage, host: Host): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  return { method: request.method ?? 'GET', host, headers: request.headers, body, ...split(request.url) };
}

export function split(url = '/'): { path: string; query: URLSearchParams } {
  const [path = '/', ...query] = url.split('?');
  return { path, query: new URLSearchParams(query.join('?')) };
}

export function write(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang-up') response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body);
}
