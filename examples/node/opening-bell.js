import { createHmac, timingSafeEqual } from 'node:crypto';

const ACCOUNT = process.env.OPENING_BELL_ACCOUNT ?? 'zerodha'; // the name you give the account in the extension
const KEY = Buffer.from((process.env.OPENING_BELL_SECRET ?? '').slice('whsec_'.length), 'base64');
if (KEY.length < 24) throw new Error('OPENING_BELL_SECRET must be whsec_ and 32 random bytes in base64');
const STATUS = {
  ...{ bad_request: 400, bad_signature: 401, stale_timestamp: 401, wrong_account: 409, superseded: 409 },
  ...{ token_spent: 410, configuration: 422, unavailable: 503 },
};
let session = { state: 'none', delivery: null, user: null, exchanged_at: null, verified_at: null, expires_at: null };
let last = { user: null, captured_at: '' };
const answers = new Map(); // memory of one process, like the two above: in earnest, use your database
let turn = Promise.resolve();

class Refused extends Error {}

/** YOURS: trade the token at the broker, try what you get with one call, and keep it. */
async function exchange(token) {
  // throw new Refused('token_spent') where it calls the token used or expired, new Refused('configuration') where it
  // refuses your key; after any other error the same token comes again
  return { user: 'AB1234', accessToken: `made from ${token}`, ends: Date.now() + 8 * 3_600_000 }; // ends: of the session
}

/** Takes a POST: `header` gives a header by its name, `body` is the raw bytes. Gives the status, headers and text to answer with. */
export async function receive(header, body) {
  const [given, at, signature] = ['id', 'timestamp', 'signature'].map((name) => header(`webhook-${name}`) ?? '');
  const id = /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : ''; // it comes back in a signed answer
  const mine = turn.then(() => handle(id, at, signature, body)); // one delivery after the other
  turn = mine.catch(() => undefined);
  const reply = await mine.catch((error) => ({
    type: 'session.refused',
    reason: error instanceof Refused ? error.message : 'unavailable',
  }));
  const text = JSON.stringify({ session, ...reply, id, server_time: new Date().toISOString() });
  const now = String(Math.floor(Date.now() / 1_000));
  const signed = { 'webhook-id': id, 'webhook-timestamp': now, 'webhook-signature': sign(id, now, text) };
  return { status: STATUS[reply.reason] ?? 200, headers: { 'content-type': 'application/json', ...signed }, text };
}

async function handle(id, at, signature, body) {
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(id, at, body))];
  if (!id || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Refused('bad_signature');
  if (!(Math.abs(Date.now() / 1_000 - Number(at)) <= 300)) throw new Refused('stale_timestamp');
  const message = body.length <= 8_192 ? JSON.parse(body.toString()) : {};
  if (message.version !== 1) throw new Refused('bad_request');
  if (message.account !== ACCOUNT) throw new Refused('wrong_account');
  if (message.type === 'session.check') return { type: 'session.report', account: ACCOUNT };
  if (message.dry_run) return { type: 'session.applied', status: 'dry_run' };
  // a clock that was wrong once must not make every later login the older one
  if (Date.parse(message.captured_at) > Date.now() + 300_000) throw new Refused('stale_timestamp');
  const answered = answers.get(id);
  if (answered && answered.token !== message.token.value) throw new Refused('bad_request'); // an id stands for one token
  if (answered) return answered.reply;
  const keep = (reply) => answers.set(id, { token: message.token.value, reply });
  try {
    if (message.captured_at < last.captured_at) throw new Refused('superseded');
    const { user, ends } = await exchange(message.token.value);
    if (user !== (message.expected_user ?? last.user ?? user)) throw new Refused('wrong_account');
    last = { user, captured_at: message.captured_at };
    const [now, expires_at, shown] = [
      new Date().toISOString(),
      new Date(ends).toISOString(),
      `${user.slice(0, 2)}****`,
    ];
    session = { state: 'verified', delivery: id, user: shown, exchanged_at: now, verified_at: now, expires_at };
    keep({ type: 'session.applied', status: 'replayed' });
    return { type: 'session.applied', status: 'applied' };
  } catch (error) {
    // not for good where your key was refused: once it is mended, the same token comes again
    if (error instanceof Refused && error.message !== 'configuration')
      keep({ type: 'session.refused', reason: error.message });
    throw error;
  }
}

function sign(id, at, body) {
  return `v1,${createHmac('sha256', KEY).update(`${id}.${at}.`).update(body).digest('base64')}`;
}
