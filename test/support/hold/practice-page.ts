import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

const require = createRequire(import.meta.url);

export interface Received {
  method: string;
  path: string;
  body: string;
  key: string | null;
  answer: 'auth' | 'ok' | 'dropped';
}

/** A person's dashboard with a server of its own, whose requests fail while `isLive` says that the broker's session has ended. */
export interface PracticePage {
  url: string;
  received: Received[];
  /** What was answered with success, by path. */
  done(path: string): Received[];
  /** Drops the connection of the next request to this path after carrying it out. */
  dropAt: string | null;
  /** Drops it before, so that nothing was carried out. */
  loseAt: string | null;
  close(): Promise<void>;
}

const SCRIPTS: Record<string, string> = {
  '/jquery.js': 'jquery/dist/jquery.js',
  '/axios.js': 'axios/dist/axios.js',
};

/** How a server says that the session has ended; the last one is unknown to us. */
const SHAPES: Record<string, [status: number, body: object | string, type?: string]> = {
  '200': [200, { success: false, auth_required: true, message: 'Please log in' }],
  '401': [401, { error: 'Session key is expired', auth_required: true }],
  '403': [403, { status: 'error', error_type: 'TokenException', message: 'Incorrect `api_key` or `access_token`.' }],
  breeze: [500, { Status: 500, Error: 'Resource not available.', Success: null }],
  own: [440, { fault: { code: 'login-timeout' } }],
  empty: [441, ''],
  page: [441, '<!doctype html><h1>Login Time-out</h1>'],
  batch: [207, [{ error: { message: 'Incorrect `api_key` or `access_token`.' } }]],
  string: [500, '"Incorrect `api_key` or `access_token`."', 'application/json'],
  text: [500, 'Incorrect `api_key` or `access_token`.', 'text/html; charset=utf-8'],
  plain: [502, 'Zerodha: Session key is expired.\n', 'text/plain'],
  unknown: [401, { detail: 'Authentication credentials were not provided.' }],
};

export async function startPracticePage(
  isLive: () => boolean,
  html = '',
  headers: Record<string, string> = {},
): Promise<PracticePage> {
  const page: PracticePage = {
    url: '',
    received: [],
    done: (path) => page.received.filter((one) => one.path === path && one.answer !== 'auth'),
    dropAt: null,
    loseAt: null,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://any');
    const script = SCRIPTS[url.pathname];
    if (script) return void response.setHeader('content-type', 'text/javascript').end(readFileSync(resolve(script)));
    if (url.pathname.startsWith('/api/')) return answer(page, isLive(), url, request, response);
    if (url.pathname.startsWith('/by-key/')) {
      const isKnown = page.received.some(
        ({ key, answer }) => key === url.pathname.slice('/by-key/'.length) && answer !== 'auth',
      );
      return void response.writeHead(isKnown ? 200 : 404).end();
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>Desk</title><script src="/jquery.js"></script><script src="/axios.js"></script>
<h1>Desk</h1><button id="own">Order</button><pre id="log">log</pre>${html}`);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  page.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return page;
}

async function answer(
  page: PracticePage,
  isLive: boolean,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', headers } = request;
  const received: Received = {
    method,
    path: url.pathname,
    body: Buffer.concat(chunks).toString('latin1'),
    key: (headers['idempotency-key'] as string | undefined) ?? null,
    answer: 'auth',
  };
  page.received.push(received);
  response.setHeader('content-type', 'application/json');
  if (!isLive) {
    const [status, body, type = 'text/html'] = SHAPES[url.searchParams.get('shape') ?? '401'] ?? [500, {}];
    if (typeof body === 'string') response.setHeader('content-type', type);
    return void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
  if (page.loseAt === url.pathname) return void request.socket.destroy();
  received.answer = 'ok';
  if (page.dropAt === url.pathname) {
    received.answer = 'dropped';
    return void request.socket.destroy();
  }
  response.end(JSON.stringify({ ok: true, path: url.pathname, body: received.body.length }));
}

function resolve(path: string): string {
  const [name = '', ...rest] = path.split('/');
  // The packages name their built files in `exports` under other keys.
  const root = require.resolve(name).replace(new RegExp(`(.*/node_modules/${name})/.*`), '$1');
  return `${root}/${rest.join('/')}`;
}
