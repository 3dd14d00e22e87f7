/**
 * Below opening-bell.mjs: it answers the extension's signed messages, as docs/contract.md has them.
 */
import { timingSafeEqual } from 'node:crypto';
import {
  account,
  BROKERS,
  blame,
  broker,
  calls,
  here,
  inTime,
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

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
export const OFF = { state: 'off', first_tick_at: null, last_tick_at: null, source: null, problem: null };
const STATES = ['parked', 'queued', 'running', 'done', 'failed', 'needs_confirmation', 'stale', 'cancelled'];
/** Refusals that a token keeps. Others may pass, or be mended by a person. */
const FINAL = ['token_spent', 'wrong_account', 'superseded'];
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
  const work = fault ? Promise.reject(new Refused('configuration', fault)) : handle(id, at, signature, body);
  const reply = await work.catch((error) => {
    const refused = error instanceof Refused ? error : new Refused('unavailable', blame('the receiver failed', error));
    return refused.reply;
  });
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
  try {
    return await inTime('exchange', () => lock('exchange', 10_000, () => deliver(id, message)), 10); // the extension waits for 15
  } catch (error) {
    throw error instanceof Late ? new Refused('in_progress', error.message) : error;
  }
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

/** The final answer to a token: the one that it had before, or that of its exchange. It runs in one process at a time. */
async function deliver(id, message) {
  const { token, at } = message;
  const name = `answer:${id}`;
  const begun = { at, mark: sign('', '', token.value) };
  const before = kept(name);
  if (before && before.mark !== begun.mark) throw new Refused('bad_request', 'this id is another token’s');
  // A day token of a second login is the same token; it is worth an exchange where the first one's session is gone.
  if (before?.reply && !(token.kind === 'day' && at > before.at && !living()))
    return before.reply.status ? { ...before.reply, session: shown() } : before.reply;
  try {
    // Begun, not answered, and the lock is free: its process died, or failed.
    if (before && token.kind === 'one-time')
      throw new Refused('token_spent', 'the receiver failed while it exchanged this token');
    return await apply(id, message, name, begun);
  } catch (error) {
    if (error instanceof Refused)
      keep(name, FINAL.includes(error.reply.reason) ? { ...begun, reply: error.reply } : null);
    throw error;
  }
}

/** Exchanges a token. What it comes to is kept together with the answer, or neither is. */
async function apply(id, { token, at, until, expected_user }, name, begun) {
  const last = kept('last') ?? { user: '', at: 0 };
  const pins = new Set([setting('USER', last.user), expected_user].filter(Boolean).map((user) => user.toLowerCase()));
  if (at < last.at) throw new Refused('superseded', 'a newer login was applied');
  if (pins.size > 1) throw new Refused('wrong_account', 'this receiver is for another user');
  if (until < Date.now()) throw new Refused('token_spent', 'the token came too late');
  keep(name, begun);
  let [made, user, ends] = [];
  try {
    made = await inTime('exchange', () => here.yours.exchange(token.value));
    [user, ends] = [made.user.trim(), iso(made.ends ?? nextHour(BROKERS[broker()].endsAt))];
    if (!user || moment(ends) < Date.now()) throw new Error('exchange gave no user, or an end that is over');
  } catch (error) {
    throw refusalFor(error, token, at);
  }
  if (pins.size > 0 && !pins.has(user.toLowerCase())) throw new Refused('wrong_account', 'another user has logged in');
  const masked = user.slice(0, 2) + '*'.repeat(Math.max(user.length - 2, 2));
  const facts = { state: 'exchanged', delivery: id, user: masked, exchanged_at: iso(), expires_at: ends };
  const session = { ...NONE, ...facts, made };
  const reply = { type: 'session.applied', status: 'applied', session: shown(session) };
  store((db) => {
    keep('session', session, db);
    keep('last', { user, at }, db);
    keep(name, { ...begun, reply: { ...reply, status: 'replayed' } }, db);
    db.prepare("DELETE FROM kept WHERE name GLOB '*:*' AND changed < ?").run(Date.now() - WEEK);
  });
  return reply;
}

const meaning = (error) =>
  [error?.message ?? error, error?.error_type, error?.name].map((said) => MEANINGS.get(said)).find(Boolean);
export const isEnded = (error) => meaning(error) === ENDED || error?.reply?.reason === 'token_spent';

/** What an error of `exchange` means for its token; its words are logged where none here explains it. */
function refusalFor(error, { kind, value }, at) {
  if (error instanceof Refused) return error;
  // The broker may have taken a one-time token, or take it still.
  if (error instanceof Late && kind === 'one-time')
    return new Refused('token_spent', blame('exchange failed', error, value));
  // 2026-11: a busy Breeze calls a token expired that it takes a minute later.
  const isYoung = kind === 'day' && Date.now() < at + 300_000;
  const isKnown = meaning(error) && !(isEnded(error) && isYoung);
  return new Refused(...(isKnown ? meaning(error) : ['unavailable', blame('exchange failed', error, value)]));
}

function report() {
  const [every, told, held] = [calls(), kept('feed'), living()];
  const queue = Object.fromEntries(STATES.map((state) => [state, every.filter((one) => one.state === state).length]));
  const fields = ['state', 'parked_at', 'finished_at', 'took_ms', 'problem'];
  queue.latest = every
    .slice(-20)
    .reverse()
    .map(({ number, name, given, ...one }) => ({
      ...Object.fromEntries(fields.map((field) => [field, one[field]])),
      ...{ id: `call_${number}`, label: `${name} ${given}`.slice(0, 100) },
    }));
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

/** The next time that it is this hour in India. */
function nextHour(hour) {
  const passed = (Date.now() + 5.5 * HOUR - hour * HOUR) % DAY;
  return Date.now() - passed + DAY;
}
