import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Certificate } from './certificate.ts';
import { type Host, hostIn } from './hosts.ts';
import { type Answer, type Asked, html, read, type Seen, write } from './message.ts';

/** What lives behind one host name. An upgrade answers with the status that it gave the client. */
export interface Site {
  answer(asked: Asked): Answer;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): number;
  requests: Seen[];
}

/** One TLS port for all sites, told apart by the Host header. */
export async function listen(certificate: Certificate, sites: Readonly<Record<Host, Site>>, now: () => number) {
  const server = createServer({ cert: certificate.cert, key: certificate.key });
  const note = (request: IncomingMessage, host: Host, status: number) => {
    sites[host]?.requests.push({ at: now(), host, method: request.method ?? '', url: request.url ?? '', status });
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const host = hostIn(request.headers.host ?? '');
    const site = host === null ? undefined : sites[host];
    if (host === null || !site) return write(response, html('Not one of the practice brokers.', 421));
    const answer = site.answer(await read(request, host));
    note(request, host, answer === 'hang-up' ? 0 : answer.status);
    write(response, answer);
  };

  server.on('request', (request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const host = hostIn(request.headers.host ?? '');
    const upgrade = host === null ? undefined : sites[host]?.upgrade;
    if (host === null || upgrade === undefined) return socket.destroy();
    note(request, host, upgrade(request, socket, head));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port, close };
}
