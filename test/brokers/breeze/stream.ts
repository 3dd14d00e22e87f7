import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server } from 'socket.io';
import { z } from '../../../utils/shared/schema.ts';
import { instrumentOf, priceOf } from '../prices.ts';
import type { BreezePractice, BreezeSocket } from './practice.ts';

const TICK_MS = 200;

const Login = z.object({ user: z.string(), token: z.string() });
const Names = z.union([z.string(), z.array(z.string())]);

/** livestream.icicidirect.com: socket.io over websocket only; the login is looked at once, at the connection. */
export function createStream(breeze: BreezePractice) {
  // It never listens: the one TLS port hands its upgrades over.
  const inner = createServer();
  const io = new Server(inner, { transports: ['websocket'], serveClient: false });

  io.use((socket, next) => {
    const login = z.safeParse(Login, socket.handshake.auth);
    const known =
      login.success &&
      breeze.find(({ userId, sessionKey }) => userId === login.data.user && sessionKey === login.data.token) !== null;
    next(known && !breeze.faults.has('breeze.stream.refused') ? undefined : new Error('Unauthorized'));
  });

  io.on('connection', (client) => {
    const { user = '', token = '' } = z.safeParse(Login, client.handshake.auth).data ?? {};
    const socket: BreezeSocket = { user, token, joined: new Set() };
    const tick = (names: Iterable<string> = socket.joined) => {
      if (!breeze.faults.has('breeze.stream.silent'))
        for (const name of names) client.emit('stock', stockEvent(name, breeze.now()));
    };
    const timer = setInterval(tick, TICK_MS);
    breeze.sockets.add(socket);
    client.on('join', (names: unknown) => {
      const joined = list(names);
      for (const name of joined) socket.joined.add(name);
      tick(joined);
    });
    client.on('leave', (names: unknown) => {
      for (const name of list(names)) socket.joined.delete(name);
    });
    client.on('disconnect', () => {
      clearInterval(timer);
      breeze.sockets.delete(socket);
    });
  });

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): number {
    inner.emit('upgrade', request, socket, head);
    return 101;
  }

  return { upgrade, close: () => io.close() };
}

/** The array of 21 that Breeze sends for an exchange quote; the last two are the time, in seconds, and the close. */
function stockEvent(name: string, now: number): (string | number)[] {
  const { last, open, high, low, close } = priceOf(instrumentOf(name), now);
  const change = Math.round(((last - close) / close) * 10_000) / 100;
  return [
    name,
    open,
    last,
    high,
    low,
    change,
    last,
    1,
    last,
    1,
    1,
    last,
    0,
    0,
    0,
    '',
    '',
    0,
    0,
    Math.floor(now / 1000),
    close,
  ];
}

function list(names: unknown): string[] {
  const parsed = z.safeParse(Names, names);
  return parsed.success ? [parsed.data].flat() : [];
}
