import type { Server, ServerOptions } from 'node:http';
import { SECOND } from '../../../utils/shared/time.ts';

/** Who sends slowly is not waited for; Node looks at its connections only every 30 seconds unless told otherwise. */
export const SERVER_OPTIONS: ServerOptions = {
  requestTimeout: 10 * SECOND,
  headersTimeout: 5 * SECOND,
  connectionsCheckingInterval: SECOND,
};

// Longer than a broker may take for an exchange, and below the ten seconds that `docker stop` waits.
const GRACE_MS = 8 * SECOND;

/** Listens, and returns the port it got. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Takes no new connection, lets requests under way end, and cuts off what is still open after eight seconds. */
export async function closeServer(server: Server): Promise<void> {
  // Node itself goes on serving a kept-alive connection for as long as its client asks (2026-11, Node 24).
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  const idle = setInterval(() => server.closeIdleConnections(), SECOND / 5);
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(cut);
}
