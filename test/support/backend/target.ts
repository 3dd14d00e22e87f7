import { createServer, type Server } from 'node:http';
import { freePort } from './practice.ts';

/** What may listen at a redirect URL, and everything that reached it. */
export interface Target {
  url: string;
  hits: { method: string; url: string; body: string }[];
  /** Begins to listen, where nothing did. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A server at a redirect URL, or with `live` false a port where nothing listens. With `leadsTo` it answers there as a
 * callback does, by a redirect to that path.
 */
export async function startTarget(live: boolean, path = '/callback', leadsTo?: string): Promise<Target> {
  const hits: Target['hits'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (request.url !== '/favicon.ico') hits.push({ method: request.method ?? '', url: request.url ?? '', body });
      if (leadsTo !== undefined && !request.url?.startsWith(leadsTo))
        return void response.writeHead(303, { location: leadsTo }).end();
      response
        .setHeader('content-type', 'text/html')
        // Every visit is a request, also one that goes back.
        .setHeader('cache-control', 'no-store')
        .end('<!doctype html><title>target</title><h1>The redirect page</h1>');
    });
  });
  const port = live ? await listen(server) : await freePort();
  return {
    url: `http://127.0.0.1:${port}${path}`,
    hits,
    listen: async () => void (await listen(server, port)),
    close: () => close(server),
  };
}

/** A page of somebody else's, on another origin. */
export async function startSite(
  html: (url: string) => string,
  redirectTo?: string,
  status = 302,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (redirectTo && request.url?.split('?')[0] === '/go') response.writeHead(status, { location: redirectTo }).end();
    else response.setHeader('content-type', 'text/html').end(html(request.url ?? '/'));
  });
  return { url: `http://localhost:${await listen(server)}/`, close: () => close(server) };
}

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}
