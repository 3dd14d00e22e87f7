import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const ACCOUNT = 'zerodha'; // the name you give the account in the extension
const PORT = Number(process.env.PORT ?? 8787);
const KEY = Buffer.from((process.env.OPENING_BELL_SECRET ?? '').slice('whsec_'.length), 'base64');
if (KEY.length < 24) throw new Error('OPENING_BELL_SECRET must be whsec_ and 32 random bytes in base64');
const STATUS: Record<string, number> = {
  bad_signature: 401,
  stale_timestamp: 401,
  wrong_account: 409,
  superseded: 409,
  token_spent: 410,
  configuration: 422,
  unavailable: 503,
};
type Reply = { type: string; account?: string; status?: string; reason?: string };
let session: object = {
  state: 'none',
  delivery: null,
  user: null,
  exchanged_at: null,
  verified_at: null,
  expires_at: null,
};
let kept = { user: '', accessToken: '', capturedAt: '' };
const answers = new Map<string, Reply>(); // memory only, like the two above: in earnest, use your database
let turn: Promise<unknown> = Promise.resolve();

class Refused extends Error {}

async function exchange(token: string) {
  // YOURS: trade the token at the broker, and try what you get with one call
  // throw new Refused('token_spent') where it calls the token used or expired, new Refused('configuration') where it
  // refuses your key; after any other error the same token comes again
  return { user: 'AB1234', accessToken: `made from ${token}`, ends: Date.now() + 8 * 3_600_000 };
}

async function handle(id: string, at: string, signature: string, body: Buffer): Promise<Reply> {
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(id, at, body))];
  if (!id || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Refused('bad_signature');
  if (!(Math.abs(Date.now() / 1_000 - Number(at)) <= 300)) throw new Refused('stale_timestamp');
  const message = JSON.parse(body.toString());
  if (message.account !== ACCOUNT) throw new Refused('wrong_account');
  if (message.type === 'session.check') return { type: 'session.report', account: ACCOUNT };
  if (message.dry_run) return { type: 'session.applied', status: 'dry_run' };
  const answered = answers.get(id);
  if (answered) return answered;
  if (message.captured_at < kept.capturedAt) throw new Refused('superseded');
  try {
    const { user, accessToken, ends } = await exchange(message.token.value);
    if (user !== (message.expected_user ?? (kept.user || user))) throw new Refused('wrong_account');
    kept = { user, accessToken, capturedAt: message.captured_at };
    const [now, expires_at] = [new Date().toISOString(), new Date(ends).toISOString()];
    session = {
      state: 'verified',
      delivery: id,
      user: `${user.slice(0, 2)}****`,
      exchanged_at: now,
      verified_at: now,
      expires_at,
    };
    answers.set(id, { type: 'session.applied', status: 'replayed' });
    return { type: 'session.applied', status: 'applied' };
  } catch (error) {
    if (error instanceof Refused) answers.set(id, { type: 'session.refused', reason: error.message });
    throw error;
  }
}

function sign(id: string, at: string, body: Buffer | string) {
  return `v1,${createHmac('sha256', KEY).update(`${id}.${at}.`).update(body).digest('base64')}`;
}

async function receive(request: IncomingMessage, response: ServerResponse) {
  const [id, at, signature] = ['id', 'timestamp', 'signature'].map((name) =>
    String(request.headers[`webhook-${name}`]),
  );
  const safeId = /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : ''; // it comes back in a signed answer
  let body = Buffer.alloc(0);
  for await (const chunk of request) {
    body = Buffer.concat([body, chunk]);
    if (body.length > 8_192) return request.destroy();
  }
  // One delivery after the other.
  const mine: Promise<Reply> = turn
    .then(() => handle(safeId, at, signature, body))
    .catch((error) => ({ type: 'session.refused', reason: error instanceof Refused ? error.message : 'unavailable' }));
  turn = mine;
  const reply = await mine;
  const text = JSON.stringify({ ...reply, session, id: safeId, server_time: new Date().toISOString() });
  const now = String(Math.floor(Date.now() / 1_000));
  const headers = { 'webhook-id': safeId, 'webhook-timestamp': now, 'webhook-signature': sign(safeId, now, text) };
  response.setHeader('content-type', 'application/json');
  response.writeHead(reply.reason ? STATUS[reply.reason] : 200, headers).end(text);
}

createServer((request, response) => void receive(request, response).catch(() => response.destroy())).listen(
  PORT,
  '127.0.0.1',
);
