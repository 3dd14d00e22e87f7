import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { makeCertificate } from './certificate.ts';
import { hostIn } from './hosts.ts';
import { type Answer, type Asked, html, read, write } from './message.ts';
import { nodeEnv, reachFromHere } from './reach.ts';

/** One websocket with the text frames that its client sent. */
export interface Stream {
  host: string;
  url: string;
  frames: string[];
}

export interface Recorder {
  requests: Asked[];
  streams: Stream[];
  /** What the next requests are answered. */
  answer(asked: Asked): Answer;
  /** What a Node process needs in its environment to send everything for the brokers here, these further hosts included. */
  nodeEnv(...more: string[]): Record<string, string>;
  reachFromHere(): Promise<() => void>;
  forget(): void;
  close(): Promise<void>;
}

/** Stands in the brokers' place, gives one prepared answer, and keeps every byte that a client sent. */
export async function startRecorder(): Promise<Recorder> {
  const certificate = await makeCertificate();
  const server = createServer({ cert: certificate.cert, key: certificate.key });
  const sockets = new WebSocketServer({ noServer: true });
  const recorder: Recorder = {
    requests: [],
    streams: [],
    answer: () => html(''),
    nodeEnv: (...more) => withHosts(nodeEnv(port, certificate), more, port),
    reachFromHere: () => reachFromHere(port, certificate),
    forget() {
      recorder.requests.length = 0;
      recorder.streams.length = 0;
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      });
      await certificate.remove();
    },
  };

  server.on('request', async (request, response) => {
    // The SDK also fetches a list from a host that is no broker's API: for the record it is one of theirs.
    const asked = await read(request, hostIn(request.headers.host ?? '') ?? 'api.icicidirect.com');
    recorder.requests.push(asked);
    write(response, recorder.answer(asked));
  });
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) => {
      const { host = '' } = request.headers;
      const stream: Stream = { host, url: request.url ?? '', frames: [] };
      recorder.streams.push(stream);
      const isSocketIo = stream.url.startsWith('/socket.io/');
      if (isSocketIo)
        client.send('0{"sid":"recorder","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
      client.on('message', (data) => {
        stream.frames.push(String(data));
        // A socket.io client waits for its namespace before it says more.
        if (isSocketIo && String(data).startsWith('40')) client.send('40{"sid":"recorder"}');
      });
      client.on('error', () => client.terminate());
    }),
  );
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return recorder;
}

function withHosts(env: Record<string, string>, hosts: readonly string[], port: number): Record<string, string> {
  const known: Record<string, number> = JSON.parse(env.PRACTICE_BROKERS ?? '{}');
  for (const host of hosts) known[host] = port;
  return { ...env, PRACTICE_BROKERS: JSON.stringify(known) };
}
