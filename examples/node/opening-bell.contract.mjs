/**
 * Downstairs of opening-bell.mjs: it answers the extension's signed messages, as docs/contract.md has them.
 */
import { timingSafeEqual } from 'node:crypto';
import {
  account,
  BROKERS,
  blame,
  broker,
  calls,
  here,
  iso,
  keep,
  kept,
  Late,
  living,
  lock,
  NONE,
  Refused,
  STATUS,
  setting,
  shown,
  sign,
  store,
  trouble,
} from './opening-bell.store.mjs';

const WEEK = 604_800_000;
export const OFF = { state: 'off', first_tick_at: null, last_tick_at: null, source: null, problem: null };
const STATES = ['parked', 'queued', 'running', 'done', 'failed', 'needs_confirmation', 'stale', 'cancelled'];
const SHOWN_OF_CALL = ['state', 'parked_at', 'finished_at', 'took_ms', 'problem'];
const ENDED = ['token_spent', 'the broker calls the token used or expired'];
// By the words or the type of an official client's error: what it means for a token, and for the person.
const MEANINGS = new Map([
  ['Invalid `checksum`.', ['configuration', 'the broker refuses the API secret']],
  ['InputException', ['configuration', 'the broker refuses the API key']],
  // They say that a session is gone: Kite's by a type, Breeze's by whole sentences.
  ['AuthRequired', ENDED],
  ['TokenException', ENDED],
  ...['', 'Unexpected error: '].map((before) => [`${before}Session key is expired.`, ENDED]),
  ['Invalid session.', ENDED],
  ['Could not authenticate credentials. Please check session key.', ENDED],
]);

/** The status, the headers and the text that answer a POST. */
export async function replyTo(header, body) {
  const [given, at, signature] = ['id', 'timestamp', 'signature'].map((name) => header(`webhook-${name}`) ?? '');
  const id = /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : ''; // it comes back in a signed answer
  const fault = trouble();
  const reply = await (fault
    ? Promise.reject(new Refused('configuration', fault))
    : handle(id, at, signature, body)
  ).catch(
    (error) =>
      (error instanceof Refused ? error : new Refused('unavailable', blame('the receiver failed', error))).reply,
  );
  const text = JSON.stringify({ ...reply, id, server_time: iso() });
  const plain = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  if (fault) return { status: 503, headers: plain, text }; // without a secret nothing can be signed
  const now = String(Math.floor(Date.now() / 1_000));
  const signed = { 'webhook-id': id, 'webhook-timestamp': now, 'webhook-signature': sign(id, now, text) };
  return { status: STATUS[reply.reason] ?? 200, headers: { ...plain, ...signed }, text };
}

async function handle(id, at, signature, body) {
  if (body.length > 8_192) throw new Refused('bad_request', 'a message has 8 KiB at most'); // the rest was not read
  const own = Buffer.from(sign(id, at, body));
  const fits = signature
    .split(' ')
    .map((one) => Buffer.from(one))
    .filter((one) => one.length === own.length && timingSafeEqual(one, own));
  if (!id || fits.length === 0)
    throw new Refused(
      'bad_signature',
      body.length > 0 ? '' : 'the body came empty: something read it before this route did',
    );
  if (!/^\d{1,12}$/.test(at) || Math.abs(Date.now() / 1_000 - Number(at)) > 300) throw new Refused('stale_timestamp');
  const message = read(body);
  if (message.account !== account()) throw new Refused('wrong_account', 'this receiver is for another account');
  if (message.type === 'session.check') return report();
  if (message.broker !== broker()) throw new Refused('wrong_account', `this receiver is for ${broker()}`);
  if (message.at > Date.now() + 300_000) throw new Refused('stale_timestamp', 'captured_at lies ahead');
  if (message.dry_run) return { type: 'session.applied', status: 'dry_run', session: shown() };
  if (!here.yours.exchange || !here.yours.verify)
    throw new Refused('configuration', 'exchange or verify is not written');
  // One process exchanges at a time. The extension waits for 15 seconds.
  return inTime('exchange', () => lock('exchange', 10_000, () => deliver(id, message)), 10).catch((error) => {
    throw error instanceof Late ? new Refused('in_progress', error.message) : error;
  });
}

/** The message in a signed body; anything else is a bad request. */
function read(body) {
  try {
    const message = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    const right = [message.version === 1, typeof message.account === 'string'];
    if (message.type !== 'session.check') {
      const { token, expected_user: user, dry_run: isDry = false, broker: named } = message;
      if (typeof named === 'string' && !Object.hasOwn(BROKERS, named))
        throw new Refused('bad_request', `unknown broker ${named}`.slice(0, 60));
      const { kind, shape } = BROKERS[named];
      Object.assign(message, { at: moment(message.captured_at), until: moment(message.expires_at) });
      right.push(message.type === 'session.captured', token.kind === kind, isText(token.value, shape));
      right.push(typeof named === 'string', user === null || isText(user, /^.{1,40}$/), isDry === !!isDry);
    }
    if (right.every(Boolean)) return message;
  } catch (error) {
    if (error instanceof Refused) throw error;
  }
  throw new Refused('bad_request', 'the message is none of the contract’s');
}

const isText = (value, shape) => typeof value === 'string' && shape.test(value);

/** Exchanges a token once, and remembers the final answer. It runs in one process at a time. */
async function deliver(id, { token: { kind, value }, at, until, expected_user }) {
  const name = `answer:${id}`;
  const before = kept(name);
  const last = kept('last') ?? { user: '', at: 0 };
  const pins = new Set([setting('USER', last.user), expected_user].filter(Boolean).map((user) => user.toLowerCase()));
  const mark = sign('', '', value); // an id is for one token
  const final = (reason, words) => keep(name, { at, mark, reply: new Refused(reason, words).reply }).reply;
  if (before && before.mark !== mark) throw new Refused('bad_request', 'this id is another token’s');
  // A day token of a second login is the same token; it is worth an exchange where the first one's session is gone.
  if (before?.reply && !(kind === 'day' && at > before.at && !living()))
    return before.reply.status ? { ...before.reply, session: shown() } : before.reply;
  // Begun and not ended: that process died, or it would still hold the lock.
  if (before && kind === 'one-time') return final('token_spent', 'the receiver ended while it exchanged this token');
  if (at < last.at) return final('superseded', 'a newer login was applied');
  if (pins.size > 1) return final('wrong_account', 'this receiver is for another user');
  if (until < Date.now()) return final('token_spent', 'the token came too late');
  keep(name, { at, mark });
  let [made, user, ends] = [];
  try {
    made = await inTime('exchange', () => here.yours.exchange(value));
    [user, ends] = [made.user.trim(), iso(made.ends ?? nextHour(BROKERS[broker()].endsAt))];
    if (!user || moment(ends) < Date.now()) throw new Error('exchange gave no user, or an end that is over');
  } catch (error) {
    // The broker may have taken a one-time token, or take it still.
    if (error instanceof Late && kind === 'one-time') return final('token_spent', blame('exchange', error));
    const { reply } = refusalFor(error, kind === 'day' && Date.now() < at + 300_000, value);
    if (['token_spent', 'wrong_account'].includes(reply.reason)) return keep(name, { at, mark, reply }).reply;
    keep(name, null); // it may pass, or be mended
    return reply;
  }
  if (pins.size > 0 && !pins.has(user.toLowerCase())) return final('wrong_account', 'another user has logged in');
  const session = {
    ...NONE,
    state: 'exchanged',
    delivery: id,
    exchanged_at: iso(),
    expires_at: ends,
    made,
  };
  session.user = user.slice(0, 2) + '*'.repeat(Math.max(user.length - 2, 2));
  const reply = { type: 'session.applied', status: 'applied', session: shown(session) };
  store((db) => {
    // The session and the answer, or neither.
    keep('session', session, db);
    keep('last', { user, at }, db);
    keep(name, { at, mark, reply: { ...reply, status: 'replayed' } }, db);
    db.prepare("DELETE FROM kept WHERE name GLOB '*:*' AND changed < ?").run(Date.now() - WEEK);
  });
  here.wake();
  return reply;
}

/** What a work of yours comes to. One that does not come back is left alone after a while. */
export async function inTime(name, work, seconds = Number(setting('TIMEOUT', '60'))) {
  let timer;
  const late = new Promise((_, fail) => {
    const tooLate = new Late(`${name} has not come back within ${seconds} seconds`);
    timer = setTimeout(fail, seconds * 1_000, tooLate).unref();
  });
  const done = Promise.resolve().then(work);
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

const meaning = (error) =>
  [error?.message ?? error, error?.error_type, error?.name].map((said) => MEANINGS.get(said)).find(Boolean);
export const isEnded = (error) => meaning(error) === ENDED || error?.reply?.reason === 'token_spent';

/** What an error means for a token. Only what may pass, or be mended, needs more words in the log. */
function refusalFor(error, isYoung, token) {
  if (error instanceof Refused) return error;
  // 2026-11: a busy Breeze calls a token expired that it takes a minute later.
  const isKnown = meaning(error) && !(isEnded(error) && isYoung);
  return new Refused(...(isKnown ? meaning(error) : ['unavailable', blame('exchange failed', error, token)]));
}

function report() {
  const [every, told, held] = [calls(), kept('feed'), living()];
  const queue = Object.fromEntries(STATES.map((state) => [state, every.filter((one) => one.state === state).length]));
  queue.latest = every
    .slice(-20)
    .reverse()
    .map(({ number, name, given, ...one }) => {
      const facts = SHOWN_OF_CALL.map((field) => [field, one[field]]);
      return { id: `call_${number}`, label: `${name} ${given}`.slice(0, 100), ...Object.fromEntries(facts) };
    });
  // A feed that has not begun is about to, and an older session's counts no more.
  const { of: session, ...now } = told ?? {};
  const feed = held && session === held.exchanged_at ? now : { ...OFF, state: held ? 'connecting' : 'off' };
  return {
    ...{ type: 'session.report', account: account(), session: shown() },
    ...(here.calls.size > 0 || every.length > 0 ? { queue } : {}),
    ...(here.yours.feed ? { feed } : {}),
  };
}

/** The moment of a time of the contract: in UTC, with Z. */
function moment(text) {
  const at = isText(text, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new Error('no time of the contract');
  return at;
}

function nextHour(hour) {
  const [india, day] = [330 * 60_000, 86_400_000];
  const passed = (Date.now() + india - hour * 3_600_000) % day;
  return Date.now() - passed + day;
}
