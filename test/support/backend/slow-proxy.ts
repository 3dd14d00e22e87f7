import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { answering } from './answering.ts';

/** Where a delivery is held up: before it reaches the backend, or its answer on the way back. */
type Place = 'there' | 'back';

export interface SlowProxy {
  url: string;
  /** Holds the next delivery up; `arrived` says when it is there, and it stays until `release`. */
  hold(place: Place): { arrived: Promise<void>; release(): void };
  close(): Promise<void>;
}

/**
 * Passes everything on to `target` like a slow line: a request arrives half of `delayMs` after it was sent, or never when
 * its sender is gone by then, and its answer comes back as late again.
 */
export async function startSlowProxy(target: string, delayMs: number): Promise<SlowProxy> {
  const { hostname, port } = new URL(target);
  let held: { place: Place; arrive: () => void; released: Promise<void> } | null = null;
  const pass = async (place: Place, body: Buffer) => {
    if (held?.place !== place || !body.includes('session.captured')) return;
    held.arrive();
    await held.released;
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    await new Promise((wait) => setTimeout(wait, delayMs / 2));
    await pass('there', body);
    if (outgoing.destroyed) return;
    const headers = { ...incoming.headers, host: `${hostname}:${port}` };
    const passed = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
      setTimeout(async () => {
        await pass('back', body);
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }, delayMs / 2);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  };
  const server = createServer(answering(serve));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    hold(place) {
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
      const { promise: released, resolve } = Promise.withResolvers<void>();
      held = { place, arrive, released };
      return {
        arrived,
        release() {
          held = null;
          resolve();
        },
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
