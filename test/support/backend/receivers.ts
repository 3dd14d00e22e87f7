import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { answering } from './answering.ts';

/** A request as a server of ours heard it. */
export interface Heard {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A server on loopback that keeps what it hears, and answers as told; `null` leaves a request without an answer. */
export async function startReceiver() {
  const heard: Heard[] = [];
  const receiver = { heard, url: '', answer: { status: 200 } as Answer | null, close };
  const server = createServer(
    answering(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      heard.push({ path: request.url ?? '', headers: request.headers, body });
      if (receiver.answer === null) return;
      response.writeHead(receiver.answer.status, receiver.answer.headers).end(receiver.answer.body);
    }),
  );
  receiver.url = `http://127.0.0.1:${await listen(server)}`;
  return receiver;

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

/** A mail server on loopback; `refuse` is the number by which it answers a recipient, or null. */
export async function startMailServer() {
  const mails: { from: string; to: string[]; text: string; user: string | undefined }[] = [];
  const receiver = { mails, port: 0, refuse: null as number | null, close };
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'mail password'
        ? done(null, { user: username })
        : done(Object.assign(new Error('no'), { responseCode: 535 })),
    onRcptTo: (_address, _session, done) =>
      receiver.refuse === null ? done() : done(Object.assign(new Error('no'), { responseCode: receiver.refuse })),
    async onData(stream, { envelope, user }, done) {
      let text = '';
      for await (const chunk of stream) text += chunk;
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), text, user });
      done();
    },
  });
  receiver.port = await listen(server.server);
  return receiver;

  async function close(): Promise<void> {
    await new Promise<void>((closed) => server.close(closed));
  }
}

/** A port of loopback on which nobody listens, nor can as long as this is open: a connection to `port` has it. */
export async function holdPort(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return { port: socket.localPort ?? 0, close: () => void socket.destroy() };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
