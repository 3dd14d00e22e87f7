import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { parseJson, z } from '../../../utils/shared/schema.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import { split } from '../message.ts';
import { instrumentBy } from '../prices.ts';
import { type Mode, tickMessage } from './packets.ts';
import type { KitePractice, KiteSocket } from './practice.ts';

const TICK_MS = 200;
const SOCKETS_PER_KEY = 3;

const Tokens = z.array(z.int());
const Command = z.discriminatedUnion('a', [
  z.object({ a: z.literal('subscribe'), v: Tokens }),
  z.object({ a: z.literal('unsubscribe'), v: Tokens }),
  z.object({ a: z.literal('mode'), v: z.tuple([z.enum(['ltp', 'quote', 'full']), Tokens]) }),
]);

/** ws.kite.trade: the token is looked at once, at the upgrade; after that the socket lives as long as its client. */
export function createTicker(kite: KitePractice) {
  const server = new WebSocketServer({ noServer: true });

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): number {
    const { query } = split(request.url);
    const [apiKey = '', accessToken = ''] = ['api_key', 'access_token'].map((name) => query.get(name) ?? '');
    const open = [...kite.sockets].filter((other) => other.apiKey === apiKey).length;
    const isRefused = kite.faults.has('kite.ticker.refused') || kite.faults.has('kite.app.personal');
    if (isRefused || kite.session(apiKey, accessToken) === null) return refuse(socket, 403, 'Forbidden');
    if (open >= SOCKETS_PER_KEY) return refuse(socket, 429, 'Too Many Requests');
    server.handleUpgrade(request, socket, head, (client) =>
      serve(client, { apiKey, accessToken, subscribed: new Map() }),
    );
    return 101;
  }

  function serve(client: WebSocket, socket: KiteSocket): void {
    const silent = () => kite.faults.has('kite.ticker.silent');
    const tick = (tokens: Iterable<[number, Mode]> = socket.subscribed) => {
      const ticks = [...tokens].map(([token, mode]) => ({ instrument: instrumentBy(token), mode }));
      if (ticks.length > 0 && !silent()) client.send(tickMessage(ticks, kite.now()));
    };
    const beat = () => silent() || client.send(Buffer.alloc(1));
    const timers = [setInterval(tick, TICK_MS), setInterval(beat, SECOND)];
    kite.sockets.add(socket);
    client.on('message', (data) => tick(obey(socket, parseJson(String(data)))));
    client.on('error', () => client.terminate());
    client.on('close', () => {
      timers.forEach(clearInterval);
      kite.sockets.delete(socket);
    });
  }

  function close(): void {
    for (const client of server.clients) client.terminate();
    server.close();
  }

  return { upgrade, close };
}

/** Carries a command out and returns the instruments whose first tick is due at once. */
function obey({ subscribed }: KiteSocket, value: unknown): [number, Mode][] {
  const command = z.safeParse(Command, value);
  if (!command.success) return [];
  const { a, v } = command.data;
  if (a === 'unsubscribe') {
    for (const token of v) subscribed.delete(token);
    return [];
  }
  const [mode, tokens] = a === 'mode' ? v : (['quote', v] as const);
  const changed = tokens.map((token): [number, Mode] => [token, mode]);
  for (const [token] of changed) subscribed.set(token, mode);
  return changed;
}

function refuse(socket: Duplex, status: number, reason: string): number {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  return status;
}
