import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { HOSTS } from '../../brokers/hosts.ts';
import { answering } from './answering.ts';

/** A request as it went by: to whom, all of it as text, and all of its answer. Of one inside TLS only to whom. */
export interface Recorded {
  host: string;
  asked: string;
  answered: string;
}

export interface RecordingProxy {
  port: number;
  recorded: Recorded[];
  close(): Promise<void>;
}

const THIS_MACHINE = ['127.0.0.1', 'localhost'];

/** A proxy that writes down what a browser asks of whom; it leads to this machine and to the practice brokers, and nowhere else. */
export async function startRecordingProxy(brokersPort: number): Promise<RecordingProxy> {
  const recorded: Recorded[] = [];
  const sockets = new Set<Socket>();
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const url = new URL(incoming.url ?? '');
    const body = await text(incoming);
    const one = { host: url.host, asked: written(incoming, body), answered: '' };
    recorded.push(one);
    if (!THIS_MACHINE.includes(url.hostname)) return void outgoing.writeHead(502).end();
    const pass = async (answer: IncomingMessage) => {
      const said = await text(answer);
      one.answered = written(answer, said);
      outgoing.writeHead(answer.statusCode ?? 502, withoutLength(answer.headers)).end(said);
    };
    const passed = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
      // Whoever answers may be stopped half way.
      pass(answer).catch(() => outgoing.destroy());
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  };
  const server = createServer(answering(serve));
  server.on('connection', (socket) => keep(sockets, socket));
  server.on('connect', (incoming, socket: Socket, head) => {
    const { hostname, host } = new URL(`https://${incoming.url}`);
    recorded.push({ host, asked: written(incoming, ''), answered: '' });
    if (!HOSTS.some((known) => known === hostname)) return void socket.destroy();
    const through = connect(brokersPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    keep(sockets, through);
    through.on('error', () => socket.destroy());
    socket.on('error', () => through.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    recorded,
    async close() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
}

function written({ method = '', url = '', rawHeaders }: IncomingMessage, body: string): string {
  return [`${method} ${url}`, ...rawHeaders, '', body].join('\n');
}

// The body was read as text, so what is sent on is told its own length.
function withoutLength({ 'content-length': _, 'transfer-encoding': __, ...rest }: IncomingMessage['headers']) {
  return rest;
}
