import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Answer,
  type FeedState,
  HEADER,
  REFUSAL_STATUS,
  type RefusalReason,
  type SessionState,
  signedText,
} from '../../../utils/shared/contract.ts';
import { answering } from './answering.ts';

/** A request as it arrived. */
export interface Received {
  id: string;
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
  isSigned: boolean;
}

/** An answer as it is sent: signed with the pairing secret unless it says otherwise. */
export interface Sent {
  status: number;
  body: string;
  headers?: Record<string, string>;
  isSigned?: boolean;
  signedId?: string;
}

/** How a destination answers a delivered token; `drop` takes it and hangs up. */
export type Behaviour = (received: Received, usual: () => Sent) => Sent | 'drop' | Promise<Sent | 'drop'>;

/** A backend on this machine that speaks the contract, or, with a behaviour, something else. */
export async function openDestination() {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const received: Received[] = [];
  let session: SessionState = nothing;
  let onToken: Behaviour = (_, usual) => usual();
  let onCheck: Behaviour = (_, usual) => usual();

  const sign = (text: string) =>
    `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .update(text)
      .digest('base64')}`;

  const server = createServer(answering(serve));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    const id = String(request.headers[HEADER.id] ?? '');
    const text = signedText(id, String(request.headers[HEADER.timestamp]), body);
    const isSigned = request.headers[HEADER.signature] === sign(text);
    const one: Received = { id, method: request.method ?? '', headers: request.headers, body, isSigned };
    received.push(one);
    const isCheck = body.includes('session.check');
    const sent = await (isCheck ? onCheck : onToken)(one, () => (isCheck ? report(one) : apply(one)));
    if (sent === 'drop') return void request.socket.destroy();
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signedId = sent.signedId ?? id;
    const signature = sign(signedText(signedId, timestamp, sent.body));
    response.writeHead(sent.status, {
      'content-type': 'application/json',
      ...(sent.isSigned === false
        ? {}
        : { [HEADER.id]: signedId, [HEADER.timestamp]: timestamp, [HEADER.signature]: signature }),
      ...sent.headers,
    });
    response.end(sent.body);
  }

  function report({ id, body }: Received): Sent {
    const { account } = JSON.parse(body) as { account: string };
    const at = session.verified_at;
    const feed: FeedState = { state: at ? 'live' : 'off', first_tick_at: at, last_tick_at: at, source: 'test' };
    return say({ type: 'session.report', id, account, server_time: now(), session, feed });
  }

  function apply({ id }: Received): Sent {
    const at = now();
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    session = { state: 'verified', delivery: id, user: 'AB****', exchanged_at: at, verified_at: at, expires_at };
    return say({ type: 'session.applied', id, status: 'applied', server_time: at, session });
  }

  return {
    url: `http://127.0.0.1:${port}/session`,
    secret,
    received,
    tokens: () => received.filter(({ body }) => !body.includes('session.check')),
    answerTokens(behaviour: Behaviour) {
      onToken = behaviour;
    },
    /** Answers as if it had applied the token, but damaged, and forgets it. */
    damage(change: (usual: Sent, received: Received) => Partial<Sent>): Behaviour {
      return (one, usual) => {
        const sent = usual();
        session = nothing;
        return { ...sent, ...change(sent, one) };
      };
    },
    /** A session that came to the backend by some other way than a delivery. */
    setSession(change: Partial<SessionState>) {
      session = { ...nothing, user: 'AB****', expires_at: new Date(Date.now() + 3_600_000).toISOString(), ...change };
    },
    answerChecks(behaviour: Behaviour) {
      onCheck = behaviour;
    },
    refuse: (reason: RefusalReason, { ahead = 0, headers = {} } = {}): Behaviour => {
      return ({ id }) => ({
        ...say({
          type: 'session.refused',
          id,
          reason,
          message: 'In its own words.',
          server_time: new Date(Date.now() + ahead).toISOString(),
        }),
        status: REFUSAL_STATUS[reason],
        headers,
      });
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
export type TestDestination = Awaited<ReturnType<typeof openDestination>>;

const nothing: SessionState = {
  state: 'none',
  delivery: null,
  user: null,
  exchanged_at: null,
  verified_at: null,
  expires_at: null,
};
const now = () => new Date().toISOString();
const say = (answer: Answer): Sent => ({ status: 200, body: JSON.stringify(answer) });
