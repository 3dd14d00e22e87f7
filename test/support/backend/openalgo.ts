import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answering } from './answering.ts';

/** What stands in its answers and may be found nowhere else. */
export const API_KEY = 'practice-openalgo-key-5f1c';
export const BALANCE = '918273.64';

const CALLBACKS_A_MINUTE = 5;

export interface OpenAlgo {
  url: string;
  /** Each request: method, path, and the body of a call with the key. */
  asked: string[];
  /** Whether its password was given in the browser, and whether its cookie says that a broker is connected. */
  app: { hasPassword: boolean; isConnected: boolean };
  /** What the broker makes of its session, and what OpenAlgo then answers of the funds. */
  broker: 'alive' | 'dead' | 'zeros' | 'sandbox' | 'revoked' | 'failing';
  /** Whether its database has heard that the session ended. */
  hasExpired: boolean;
  hasKey: boolean;
  /** Whether the exchange of its callback succeeds. */
  exchanges: boolean;
  /** Codes that reached the broker. */
  exchanged: string[];
  close(): Promise<void>;
}

/**
 * An OpenAlgo as its source of August 2026 behaves: its own password before any broker, a callback that ignores a login
 * while its cookie counts as connected, a session-status that asks its database alone. `needsCookie`: it knows a browser
 * by its cookie; otherwise every caller is the person's browser.
 */
export async function startOpenAlgo({ needsCookie = false } = {}): Promise<OpenAlgo> {
  const session = randomUUID();
  let callbacks = 0;
  const openalgo: OpenAlgo = {
    url: '',
    asked: [],
    app: { hasPassword: true, isConnected: false },
    broker: 'dead',
    hasExpired: false,
    hasKey: true,
    exchanges: true,
    exchanged: [],
    close: () => new Promise((closed) => server.close(() => closed())),
  };
  const isKnown = ({ headers }: IncomingMessage) =>
    !needsCookie || (headers.cookie ?? '').split('; ').includes(`session=${session}`);

  function status(request: IncomingMessage): object {
    const { hasPassword, isConnected } = openalgo.app;
    if (!isKnown(request) || !hasPassword) return { authenticated: false };
    if (!isConnected) return { authenticated: true, logged_in: false };
    if (openalgo.hasExpired) return { authenticated: true, logged_in: true, broker_session_expired: true };
    const key = openalgo.hasKey ? { api_key: API_KEY } : {};
    return { authenticated: true, logged_in: true, user: 'practice', broker: 'zerodha', ...key };
  }

  function callback(request: IncomingMessage, url: URL): string | null {
    if (++callbacks > CALLBACKS_A_MINUTE) return null;
    if (!isKnown(request) || !openalgo.app.hasPassword) return '/auth/login';
    if (openalgo.app.isConnected) return '/dashboard';
    openalgo.exchanged.push(url.searchParams.get('request_token') ?? url.searchParams.get('code') ?? '');
    if (!openalgo.exchanges) return '/auth/broker';
    openalgo.app.isConnected = true;
    openalgo.broker = 'alive';
    return '/dashboard';
  }

  function funds(body: string): [status: number, body: object] {
    const { apikey } = JSON.parse(body) as { apikey?: string };
    if (apikey !== API_KEY || openalgo.broker === 'revoked')
      return [403, { status: 'error', message: 'Invalid openalgo apikey' }];
    const amounts = { availablecash: BALANCE, collateral: '0.00', utiliseddebits: '0.00' };
    switch (openalgo.broker) {
      case 'alive':
        return [200, { status: 'success', data: amounts }];
      case 'sandbox':
        return [200, { status: 'success', mode: 'analyze', data: amounts }];
      case 'zeros':
        return [200, { status: 'success', data: { ...amounts, availablecash: '0.00' } }];
      case 'failing':
        return [500, { status: 'error', message: 'x' }];
      default:
        return [200, { status: 'success', data: {} }];
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    openalgo.asked.push(`${request.method} ${url.pathname}`);
    const json = (code: number, value: object) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/auth/session-status') return void json(200, status(request));
    if (url.pathname === '/api/v1/funds') return void json(...funds(body));
    if (url.pathname.endsWith('/callback')) {
      const to = callback(request, url);
      return void response.writeHead(to === null ? 429 : 302, to === null ? {} : { location: to }).end();
    }
    // A visit of the login page stands for its password.
    const cookie = { 'set-cookie': `session=${session}; Path=/; HttpOnly; SameSite=Lax` };
    const headers = { 'content-type': 'text/html', ...(url.pathname === '/auth/login' ? cookie : {}) };
    response.writeHead(200, headers).end('<!doctype html><title>practice OpenAlgo</title>');
  }

  const server = createServer(answering(answer));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  openalgo.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return openalgo;
}
