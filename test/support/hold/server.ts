import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A server that does what a test asks for in the address, and says what it received. */
export interface AskedServer {
  port: number;
  close(): Promise<void>;
}

type Answer = (asked: URLSearchParams, request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

export async function startAskedServer(): Promise<AskedServer> {
  const waiting = new Map<string, () => void>();
  const endings = new Map<string, Promise<void>>();
  const answers: Record<string, Answer> = {
    '/page': (_, __, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title><p>A page.'),
    '/echo': (_, request, response, body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => SHOWN.includes(name)));
      const echoed = { method: request.method, headers, body: body.toString('latin1') };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(echoed));
    },
    '/answer': (asked, _, response) => {
      response.statusCode = Number(asked.get('status') ?? 200);
      const type = asked.get('type');
      if (type) response.setHeader('content-type', type);
      response.setHeader('x-own', 'yes');
      response.end(asked.get('body') ?? '{"ok":true}');
    },
    '/redirect': (asked, _, response) => {
      response.writeHead(Number(asked.get('status') ?? 302), { location: asked.get('to') ?? '/echo' }).end();
    },
    '/drop': (_, request) => void request.socket.destroy(),
    '/break': (_, request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"half":', () => setTimeout(() => request.socket.destroy(), 20));
    },
    '/never': () => undefined,
    // The rest of this answer comes when the page asks for it by another request: whoever waits for the whole waits for ever.
    '/half': (asked, _, response) => {
      response.writeHead(Number(asked.get('status') ?? 200), {
        'content-type': asked.get('type') ?? 'application/json',
      });
      response.write(asked.get('first') ?? '{"first":');
      waiting.set(asked.get('name') ?? '', () => response.end('1}'));
    },
    '/rest': (asked, _, response) => {
      waiting.get(asked.get('name') ?? '')?.();
      response.end('done');
    },
    // Goes on as long as somebody reads; `/closed` is answered when nobody does any more.
    '/endless': (asked, request, response) => {
      const name = asked.get('name') ?? '';
      const closed = new Promise<void>((resolve) => request.socket.once('close', resolve));
      endings.set(name, closed);
      response.writeHead(200, { 'content-type': asked.get('type') ?? 'application/json' });
      response.write('{"text":"');
      const more = setInterval(() => response.write('x'.repeat(10_000)), 10);
      void closed.then(() => clearInterval(more));
    },
    '/closed': (asked, _, response) => {
      void (endings.get(asked.get('name') ?? '') ?? Promise.resolve()).then(() => response.end('closed'));
    },
    '/cookie': (asked, request, response) => {
      response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
      response.setHeader('access-control-allow-credentials', 'true');
      const set = asked.get('set');
      if (set !== null) response.setHeader('set-cookie', `asked=${set}; path=/cookie`);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ cookie: request.headers.cookie ?? null }));
    },
    '/gzip': (_, __, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync('{"packed":true}'));
    },
    '/large': (asked, _, response) => {
      const text = JSON.stringify({ text: 'x'.repeat(Number(asked.get('bytes'))) });
      response.setHeader('content-type', 'application/json');
      if (asked.has('chunked')) response.flushHeaders();
      response.end(text);
    },
    '/cached': (_, request, response) => {
      response.setHeader('etag', '"one"').setHeader('cache-control', 'max-age=60');
      response.setHeader('content-type', 'application/json');
      if (request.headers['if-none-match']) response.writeHead(304).end();
      else response.end('{"cached":true}');
    },
    '/cors': (asked, request, response, body) => {
      response.setHeader('access-control-allow-origin', asked.get('allow') ?? request.headers.origin ?? '*');
      response.setHeader('access-control-allow-headers', 'x-page');
      response.setHeader('access-control-allow-methods', 'GET, POST, PUT');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ method: request.method, body: body.toString('latin1') }));
    },
  };
  const server = createServer((request, response) => {
    response.sendDate = false;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://any');
      const answer = answers[url.pathname];
      if (answer) answer(url.searchParams, request, response, Buffer.concat(chunks));
      else response.writeHead(404).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, ready));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const SHOWN = [
  'accept',
  'content-type',
  'content-length',
  'transfer-encoding',
  'cache-control',
  'pragma',
  'x-page',
  'idempotency-key',
  'sec-fetch-mode',
  'sec-fetch-dest',
];
