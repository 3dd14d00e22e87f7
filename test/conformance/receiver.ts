import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  HEADER,
  maskUser,
  REFUSAL_STATUS,
  type RefusalReason,
  type SessionCaptured,
  type SessionCheck,
  type SessionState,
} from '../../utils/shared/contract.ts';

/** The one thing that a receiver gets wrong. */
export type Flaw =
  | 'redirect'
  | 'proof'
  | 'report'
  | 'signature'
  | 'raw-bytes'
  | 'skew'
  | 'safe-id'
  | 'version'
  | 'account'
  | 'refusals'
  | 'too-large'
  | 'dry-run'
  | 'spent'
  | 'twice'
  | 'parallel'
  | 'replay'
  | 'named'
  | 'user'
  | 'superseded'
  | 'ahead'
  | 'one-token';

type Reply =
  | { type: 'session.report'; account: string }
  | { type: 'session.applied'; status: 'applied' | 'replayed' | 'dry_run' }
  | { type: 'session.refused'; reason: RefusalReason };

const ACCOUNT = 'zerodha';
const USER = 'AB1234';
const NOTHING: SessionState = {
  state: 'none',
  delivery: null,
  user: null,
  exchanged_at: null,
  verified_at: null,
  expires_at: null,
};

/** A receiver that is right but for one flaw; to it a token that begins with `Spent` is a used one. */
export async function openReceiver(secret: string, flaw: Flaw | null) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const sign = (id: string, at: string, body: string | Buffer) =>
    `v1,${createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64')}`;
  const tokens = new Map<string, string>();
  const answers = new Map<string, Reply>();
  const sessions = new Map<string, SessionState>();
  const underWay = new Map<string, Promise<Reply>>();
  let session = NOTHING;
  let newest = '';
  let turn: Promise<unknown> = Promise.resolve();

  const server = createServer((request, response) => {
    if (flaw === 'redirect' && request.url !== '/final') response.writeHead(307, { location: '/final' }).end();
    else void receive(request, response);
  });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const [given = '', at = '', signature = ''] = Object.values(HEADER).map((name) => String(request.headers[name]));
    const id = flaw === 'safe-id' || /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : '';
    const refusal = guard(id, at, signature, body);
    const reply = refusal ? refused(refusal) : await handle(id, JSON.parse(body.toString()));
    const shown: SessionState = flaw === 'report' && session === NOTHING ? { ...session, user: USER } : session;
    const text = JSON.stringify({ session: shown, ...reply, id, server_time: new Date().toISOString() });
    const now = String(Math.floor(Date.now() / 1_000));
    const isUnsigned = flaw === 'proof' || (flaw === 'refusals' && refusal !== null);
    const signed = { [HEADER.id]: id, [HEADER.timestamp]: now, [HEADER.signature]: sign(id, now, text) };
    const status = reply.type === 'session.refused' ? REFUSAL_STATUS[reply.reason] : 200;
    response.writeHead(status, { 'content-type': 'application/json', ...(isUnsigned ? {} : signed) }).end(text);
  }

  function guard(id: string, at: string, signature: string, body: Buffer): RefusalReason | null {
    const signed = flaw === 'raw-bytes' ? JSON.stringify(JSON.parse(body.toString())) : body;
    const [given, expected] = [Buffer.from(signature), Buffer.from(sign(id, at, signed))];
    const fits = given.length === expected.length && timingSafeEqual(given, expected);
    if (id === '' || (!fits && flaw !== 'signature')) return 'bad_signature';
    if (flaw !== 'skew' && !(Math.abs(Date.now() / 1_000 - Number(at)) <= 300)) return 'stale_timestamp';
    if (flaw !== 'too-large' && body.length > 8_192) return 'bad_request';
    const message: SessionCheck | SessionCaptured = JSON.parse(body.toString());
    if (flaw !== 'version' && message.version !== 1) return 'bad_request';
    return flaw !== 'account' && message.account !== ACCOUNT ? 'wrong_account' : null;
  }

  async function handle(id: string, message: SessionCheck | SessionCaptured): Promise<Reply> {
    if (message.type === 'session.check') return { type: 'session.report', account: message.account };
    if (message.dry_run && flaw !== 'dry-run') return { type: 'session.applied', status: 'dry_run' };
    if (flaw === 'parallel') return apply(id, message);
    // Forgets with the end of the exchange what it knew during it.
    if (flaw === 'twice') return (await underWay.get(id)?.then(replayed)) ?? coalesce(id, message);
    const mine = turn.then(() => apply(id, message));
    turn = mine;
    return mine;
  }

  function coalesce(id: string, message: SessionCaptured): Promise<Reply> {
    const mine = apply(id, message).finally(() => underWay.delete(id));
    underWay.set(id, mine);
    return mine;
  }

  async function apply(id: string, { token, captured_at, expected_user }: SessionCaptured): Promise<Reply> {
    const isAhead = Date.parse(captured_at) > Date.now() + 300_000;
    if (isAhead && flaw !== 'ahead') return refused('stale_timestamp');
    const known = tokens.get(id);
    if (known !== undefined && known !== token.value && flaw !== 'one-token') return refused('bad_request');
    const answered = answers.get(id);
    if (flaw === 'replay') session = sessions.get(id) ?? session;
    if (answered) return answered;
    const keep = (reply: Reply, later = reply): Reply => {
      if (flaw !== 'twice' || reply.type === 'session.refused') answers.set(id, later);
      tokens.set(id, token.value);
      return reply;
    };
    if (flaw !== 'superseded' && captured_at < newest) return keep(refused('superseded'));
    await new Promise((exchanged) => setTimeout(exchanged, 100));
    if (token.value.startsWith('Spent'))
      return flaw === 'spent' ? refused('unavailable') : keep(refused('token_spent'));
    if (flaw !== 'user' && USER !== (expected_user ?? USER)) return keep(refused('wrong_account'));
    newest = captured_at;
    const now = new Date().toISOString();
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const delivery = flaw === 'named' ? null : id;
    session = { state: 'verified', delivery, user: maskUser(USER), exchanged_at: now, verified_at: now, expires_at };
    sessions.set(id, session);
    const reply: Reply = { type: 'session.applied', status: 'applied' };
    return keep(reply, replayed(reply));
  }

  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const refused = (reason: RefusalReason): Reply => ({ type: 'session.refused', reason });
const replayed = (reply: Reply): Reply =>
  reply.type === 'session.applied' ? { type: 'session.applied', status: 'replayed' } : reply;
