import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A clock with fractions of a millisecond, epoch ms. The broker's and the backend's are this one. */
export const clock = () => performance.timeOrigin + performance.now();

/** Where the tokens of those come to that speak no contract. */
export interface Landing {
  /** A callback of the backend: the browser's own visit brings the token. */
  callback: string;
  /** A page of the backend; the visit itself counts for nothing. */
  page: string;
  /** Takes a token by a post. It has the page's origin, so that no preflight stands before it. */
  token: string;
  close(): void;
}

/** A backend as small as can be; says when a token has arrived. */
export async function openLanding(arrived: () => void): Promise<Landing> {
  const server = createServer((request, response) => void answer(request, response, arrived));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    callback: `${origin}/callback`,
    page: `${origin}/page`,
    token: `${origin}/token`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, arrived: () => void): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://any');
  if (pathname === '/callback' && searchParams.has('request_token')) arrived();
  if (pathname === '/token') {
    await request.toArray();
    arrived();
  }
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>Logged in</title><p>Logged in');
}
