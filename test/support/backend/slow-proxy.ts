import { createServer, request } from 'node:http';

export interface SlowProxy {
  url: string;
  close(): Promise<void>;
}

/**
 * Passes everything on to `target` like a slow line: a request arrives half of `delayMs` after it was sent, or never when
 * its sender is gone by then, and its answer comes back as late again.
 */
export async function startSlowProxy(target: string, delayMs: number): Promise<SlowProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    await new Promise((wait) => setTimeout(wait, delayMs / 2));
    if (outgoing.destroyed) return;
    const headers = { ...incoming.headers, host: `${hostname}:${port}` };
    const passed = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
      setTimeout(() => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }, delayMs / 2);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(Buffer.concat(chunks));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
