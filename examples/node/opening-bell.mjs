/**
 * Opening Bell in a Node program: one file on node:sqlite, for Node 22.18 or newer, imported or required.
 *
 * Downstairs, `receive` answers the extension's signed messages, as docs/contract.md has them.
 * Upstairs, `current`, `reads` and `acts` give a trading program its session, and its calls a second try.
 * All is kept in SQLite files in a folder that only you can read, in clear.
 * One process leads: it verifies, runs the feed and the parked calls. It leads by a lock that ends with the process.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const WEEK = 604_800_000;
/** By broker: its tokens' kind and shape, and the hour in India at which its sessions end. */
const BROKERS = {
  zerodha: { kind: 'one-time', shape: /^[A-Za-z0-9]{16,64}$/, endsAt: 6 },
  icici: { kind: 'day', shape: /^[A-Za-z0-9]{4,64}$/, endsAt: 0 },
};
const STATUS = {
  ...{ bad_request: 400, bad_signature: 401, stale_timestamp: 401, wrong_account: 409, superseded: 409 },
  ...{ in_progress: 409, token_spent: 410, configuration: 422, rate_limited: 429, unavailable: 503 },
};
const NONE = { state: 'none', delivery: null, user: null, exchanged_at: null, verified_at: null, expires_at: null };
const OFF = { state: 'off', first_tick_at: null, last_tick_at: null, source: null, problem: null };
const STATES = ['parked', 'queued', 'running', 'done', 'failed', 'needs_confirmation', 'stale', 'cancelled'];
const WAITING = ['parked', 'queued', 'needs_confirmation'];
const LOST = { state: 'failed', problem: 'outcome unknown; it is not sent again', isLost: true, tried: null };
// The official clients say that a session is gone: Kite's by a type, Breeze's by whole sentences.
const BREEZE = 'Could not authenticate credentials. Please check session key.';
const ENDED = new Set(['AuthRequired', 'TokenException', 'Session key is expired.', 'Invalid session.', BREEZE]);
// What Kite refuses with one of these types was not carried out.
const REFUSALS = ['InputException', 'OrderException', 'MarginException', 'HoldingException', 'PermissionException'];
// One for all: a bundler may load this file several times.
const HERE = Symbol.for('opening-bell');
globalThis[HERE] ??= { yours: {}, calls: new Map(), isStarted: false, wake() {} };
const here = globalThis[HERE];

/** Why a token is not taken: a reason of the contract, and words for the person. */
export class Refused extends Error {
  constructor(reason, words = '') {
    super(words || reason);
    this.reply = { type: 'session.refused', reason, message: words.slice(0, 200) };
  }
}

/** A call waits under `number`; give your page `answer`. Throw it in a call yourself where the session is gone. */
export class AuthRequired extends Error {
  constructor(number = null) {
    super(`call ${number} waits for a login, or for your confirmation`);
    this.name = 'AuthRequired';
    Object.assign(this, { number, answer: { auth_required: true, parked: number, error: this.message } });
  }
}

/** Takes your functions: exchange(token), verify(session), and feed(session, tell) if you have one. */
export function yours(functions) {
  Object.assign(here.yours, functions);
}

// Settings are read when they are used: many programs fill their environment after their imports.
const setting = (name, otherwise = '') => process.env[`OPENING_BELL_${name}`] || otherwise;
const broker = () => setting('BROKER', 'zerodha');
const account = () => setting('ACCOUNT', broker());
const key = () => Buffer.from(setting('SECRET').slice('whsec_'.length), 'base64');

/** One sentence on what keeps this receiver from answering, or null. */
export function trouble() {
  const secret = setting('SECRET');
  if (!Object.hasOwn(BROKERS, broker())) return 'OPENING_BELL_BROKER must be zerodha or icici';
  if (!secret) return 'OPENING_BELL_SECRET is not set';
  if (/^["'`\s]|["'`\s]$/.test(secret)) return 'OPENING_BELL_SECRET has quotes or blanks around it';
  if (!/^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret))
    return 'OPENING_BELL_SECRET is no secret; this makes one: echo "whsec_$(openssl rand -base64 32)"';
  const isExample = new Set(key()).size < 12 || key().includes('example');
  return isExample ? 'OPENING_BELL_SECRET is an example’s secret' : null;
}

// Downstairs: the contract.

/** Answers a Request with a Response: Next.js, Hono, and what else speaks the web's own. */
export async function answer(request) {
  const { status, headers, text } = await receive(
    (name) => request.headers.get(name),
    await bodyOf(request.body ?? []),
  );
  return new Response(text, { status, headers });
}

/** Answers in node:http, Express and their kin. A parser before it has to leave the raw bytes in `rawBody` or `body`. */
export async function respond(request, response) {
  const ready = request.rawBody ?? request.body;
  const body = Buffer.isBuffer(ready) ? ready : await bodyOf(request);
  const { status, headers, text } = await receive((name) => request.headers[name], body);
  response.writeHead(status, headers).end(text);
}

/** At most a little more than 8 KiB: what is longer is no message of the contract. */
async function bodyOf(stream) {
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size <= 16_384) chunks.push(chunk);
    }
  } catch {
    return Buffer.alloc(0); // the caller hung up
  }
  return Buffer.concat(chunks);
}

/** Takes a POST: `header` gives a header by its name, `body` is the raw bytes. Gives the status, the headers and the text to answer with. */
export async function receive(header, body) {
  start();
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
  return lock(
    'exchange',
    10_000,
    () => deliver(`answer:${id}`, message),
    () => new Refused('in_progress').reply,
  );
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
async function deliver(name, { token: { kind, value }, at, until, expected_user }) {
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
  let made;
  try {
    made = await here.yours.exchange(value);
  } catch (error) {
    const { reply } = meaning(error, kind === 'day' && Date.now() < at + 300_000, value);
    if (['token_spent', 'wrong_account'].includes(reply.reason)) return keep(name, { at, mark, reply }).reply;
    keep(name, null); // it may pass, or be mended
    return reply;
  }
  const { user, ends = nextHour(BROKERS[broker()].endsAt) } = made;
  if (pins.size > 0 && !pins.has(user.toLowerCase())) return final('wrong_account', 'another user has logged in');
  const session = {
    ...NONE,
    state: 'exchanged',
    delivery: name.slice(7),
    exchanged_at: iso(),
    expires_at: iso(ends),
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

/** What an error of the official clients means for a token. */
function meaning(error, isYoung, token) {
  if (error instanceof Refused) return error;
  if (error?.message === 'Invalid `checksum`.')
    return new Refused('configuration', 'the broker refuses the API secret');
  if (error?.error_type === 'InputException') return new Refused('configuration', 'the broker refuses the API key');
  // 2026-11: a busy Breeze calls a token expired that it takes a minute later.
  if (isEnded(error) && !isYoung) return new Refused('token_spent', 'the broker calls the token used or expired');
  return new Refused('unavailable', blame('exchange failed', error, token));
}

/** The session as a report shows it. */
function shown(held = kept('session') ?? NONE) {
  const { made: _, ...facts } = held;
  const isOver = ['exchanged', 'verified'].includes(facts.state) && Date.parse(facts.expires_at) <= Date.now();
  return isOver ? { ...facts, state: 'expired' } : facts;
}

function report() {
  const every = calls();
  const counts = Object.fromEntries(STATES.map((state) => [state, every.filter((one) => one.state === state).length]));
  const latest = every
    .slice(-20)
    .reverse()
    .map(({ number, name, given, state, parked_at, finished_at, took_ms, problem }) => ({
      ...{
        id: `call_${number}`,
        label: `${name} ${given}`.slice(0, 100),
        state,
        parked_at,
        finished_at,
        took_ms,
        problem,
      },
    }));
  return {
    ...{ type: 'session.report', account: account(), session: shown() },
    ...(here.calls.size > 0 || every.length > 0 ? { queue: { ...counts, latest } } : {}),
    ...(here.yours.feed ? { feed: kept('feed') ?? OFF } : {}),
  };
}

// Upstairs: a trading program's session and calls.

/** The living session as `exchange` made it, or null; the same in every process. */
export const current = () => living()?.made ?? null;

function living() {
  const held = kept('session');
  return held && ['exchanged', 'verified'].includes(shown(held).state) ? held : null;
}

/** For a function(session, …) that only reads: parked without a session, it runs automatically after the login. */
export const reads = (name, run) => wrap(name, { run, within: WEEK / 7_000, isAct: false });

/**
 * For a function(session, key, …) that acts: parked, it runs after `confirm`, once, and not after `within` seconds.
 * Where its outcome was lost, lookUp(session, key) finds it: any JSON, or null where the broker knows of nothing.
 */
export const acts = (name, { within, lookUp = () => null }, run) => wrap(name, { run, within, lookUp, isAct: true });

function wrap(name, { run, within, lookUp, isAct }) {
  here.calls.set(name, { run, lookUp });
  async function keyed(wanted, ...args) {
    const [held, given, now] = [living(), JSON.stringify(args), Date.now()];
    const state = isAct ? 'needs_confirmation' : 'parked';
    const one = {
      name,
      given,
      isAct,
      state,
      key: wanted ?? randomBytes(10).toString('hex'),
      tried: held?.delivery ?? null,
    };
    Object.assign(one, {
      parked_at: iso(),
      until: now + within * 1_000,
      finished_at: null,
      took_ms: null,
      problem: null,
    });
    // By its key; the same read that waits already, waits once.
    const isSame = (other) =>
      other.key === one.key || (!isAct && other.name === name && other.given === given && other.state === 'parked');
    const before = calls().find(isSame);
    if (before?.state === 'done') return before.result;
    if (before?.finished_at) throw new Error(`call ${before.number} is ${before.state}`);
    try {
      if (held && !before) return await attempt(one, held);
    } catch (error) {
      if (!(error instanceof AuthRequired)) throw error;
      change(held, { state: 'exchanged' }); // in doubt until it is verified again
    }
    const parked = store((db) => {
      const every = calls(db);
      return every.find(isSame) ?? save({ ...one, number: (every.at(-1)?.number ?? 0) + 1 }, db);
    });
    throw new AuthRequired(parked.number);
  }
  return Object.assign((...args) => keyed(null, ...args), { keyed });
}

const attempt = ({ name, given, key, isAct }, held) =>
  ask(here.calls.get(name).run, held.made, ...(isAct ? [key] : []), ...JSON.parse(given));

/** Runs a function of yours; AuthRequired where the broker says that the session is gone. */
async function ask(run, ...args) {
  try {
    const result = await run(...args);
    if (!ENDED.has(result?.Error)) return result; // Breeze's client returns its errors
  } catch (error) {
    if (!isEnded(error)) throw error;
  }
  throw new AuthRequired();
}

function isEnded(error) {
  const says = [error?.name, error?.error_type, error?.message ?? error];
  return says.some((one) => ENDED.has(one)) && says[2] !== 'Invalid `checksum`.';
}

/** The calls that were parked, oldest first, for your page. */
export const calls = (db) => select('call:*', db);
const save = (one, db) => keep(`call:${String(one.number).padStart(9, '0')}`, one, db);

/** A person's word on a call that acts; false where it comes too late, or came before. */
export const confirm = (number) => decide(number, { state: 'queued' });
export const cancel = (number) => decide(number, { state: 'cancelled', finished_at: iso() });
function decide(number, facts) {
  const may = store((db) => {
    const one = calls(db).find((other) => other.number === number && other.state === 'needs_confirmation');
    return one !== undefined && one.until > Date.now() && save({ ...one, ...facts }, db);
  });
  here.wake();
  return Boolean(may);
}

// The work of the process that leads.

/** Takes part in the work. The first message calls it; call it yourself to begin with your program. */
export function start() {
  if (here.isStarted) return;
  here.isStarted = true;
  if (trouble()) console.error(`Opening Bell answers nothing yet: ${trouble()}`);
  void work();
}

async function work() {
  for (;;) {
    await new Promise((woken) => setTimeout(woken, 500).unref());
    await lock('lead', 0, lead, () => undefined).catch((error) => blame('the worker failed', error));
  }
}

async function lead() {
  const me = { feeds: null, seen: '', due: 0 };
  store((db) => {
    // What was running in a process that died.
    const running = calls(db).filter(({ state }) => state === 'running');
    for (const one of running)
      save({ ...one, ...(one.isAct ? { ...LOST, finished_at: iso() } : { state: 'parked', tried: null }) }, db);
  });
  try {
    for (;;) {
      await prove(living(), me);
      await follow(living(), me);
      while (await runNext(living()));
      await new Promise((woken) => {
        here.wake = woken;
        setTimeout(woken, 500).unref();
      });
    }
  } finally {
    await follow(null, me);
  }
}

/** Asks the broker whether the session lives: when it is new or in doubt, then every five minutes. */
async function prove(held, me) {
  if (!held || (me.seen === `${held.delivery} ${held.state}` && Date.now() < me.due)) return;
  Object.assign(me, { seen: `${held.delivery} ${held.state}`, due: Date.now() + 300_000 });
  try {
    await ask(here.yours.verify, held.made);
    change(held, { state: 'verified', verified_at: iso(), problem: null });
    me.seen = `${held.delivery} verified`;
  } catch (error) {
    if (error instanceof AuthRequired) return change(held, { state: 'rejected', problem: 'the broker refuses it' });
    me.due = Date.now() + 10_000;
    change(held, { problem: blame('verify failed', error, ...Object.values(held.made)) });
  }
}

function change(held, facts) {
  store((db) => {
    const now = kept('session', db);
    if (now.delivery === held.delivery) keep('session', { ...now, ...facts }, db);
  });
  here.wake();
}

/** Stops the feed of another session, or one that was refused half a minute ago, and starts it on this session. */
async function follow(held, me) {
  const old = me.feeds;
  const isRefused = old && me.told.state === 'refused' && Date.now() > me.at + 30_000;
  if (old && (old.delivery !== held?.delivery || isRefused)) {
    me.feeds = keep('feed', null);
    await Promise.resolve(me.stop()).catch((error) =>
      blame('the feed could not be stopped', error, ...Object.values(old.made)),
    );
  }
  if (!held || me.feeds || !here.yours.feed) return;
  Object.assign(me, { feeds: held, told: OFF, at: 0, stop() {} });
  const tell = (state, problem = null) => {
    if (me.feeds !== held || (state === 'live' && me.told.state === 'live' && Date.now() < me.at + 1_000)) return;
    const ticks = state === 'live' ? { first_tick_at: me.told.first_tick_at ?? iso(), last_tick_at: iso() } : {};
    Object.assign(me, { at: Date.now(), told: keep('feed', { ...me.told, ...ticks, state, problem }) });
  };
  tell('connecting');
  try {
    me.stop = (await here.yours.feed(held.made, tell)) ?? me.stop;
  } catch (error) {
    tell('refused', blame('the feed could not be started', error, ...Object.values(held.made)));
  }
}

/** Runs the oldest call that may run; true where there was one. */
async function runNext(held) {
  const one = store((db) => {
    const isLate = ({ state, until }) => WAITING.includes(state) && until < Date.now();
    for (const late of calls(db).filter(isLate)) save({ ...late, state: 'stale', finished_at: iso() }, db);
    const mayRun = ({ state, isLost, tried, name }) =>
      (isLost || state === 'parked' || state === 'queued') && tried !== held.delivery && here.calls.has(name);
    const next = held?.state === 'verified' ? calls(db).find(mayRun) : undefined;
    return next && save({ ...next, tried: held.delivery, ...(next.isLost ? {} : { state: 'running' }) }, db);
  });
  if (!one) return false;
  const began = Date.now();
  const facts = await carryOut(one, held);
  const isOver = facts.state === 'done' || facts.state === 'failed';
  const took = isOver ? { finished_at: iso(), took_ms: Date.now() - began } : {};
  store((db) => save({ ...one, ...facts, ...took }, db));
  return true;
}

async function carryOut(one, held) {
  try {
    if (!one.isLost) return { state: 'done', result: (await attempt(one, held)) ?? null };
    const result = (await ask(here.calls.get(one.name).lookUp, held.made, one.key)) ?? null;
    return result === null ? { isLost: false } : { isLost: false, state: 'done', problem: null, result };
  } catch (error) {
    if (error instanceof AuthRequired) change(held, { state: 'exchanged' });
    else blame(`${one.name} failed`, error, ...Object.values(held.made));
    if (one.isLost) return {};
    if (error instanceof AuthRequired) return { state: one.isAct ? 'needs_confirmation' : 'parked' };
    const isClear = !one.isAct || REFUSALS.includes(error?.error_type);
    return isClear ? { state: 'failed', problem: `${one.name} failed; the log says why` } : LOST;
  }
}

// The store.

/** An open SQLite file, which all processes share. */
function open(name, waitMs) {
  const folder = join(setting('FOLDER', process.cwd()), '.opening-bell');
  const file = join(folder, `${account()}.${name}`);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  // Never opened once it is there: closing a file ends every lock that its process has on it.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA busy_timeout = ${waitMs}`);
  return db;
}

/** One transaction. */
function store(work) {
  const db = open('db', 30_000);
  try {
    db.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS kept (name PRIMARY KEY, value, changed)');
    const result = work(db);
    db.exec('COMMIT');
    return result;
  } finally {
    db.close();
  }
}

/** Does a work while no other process does: by a transaction on a file of its own, which no dead process holds. */
async function lock(name, waitMs, work, otherwise) {
  const db = open(name, 0);
  const isMine = () => {
    try {
      db.exec('BEGIN IMMEDIATE');
      return true;
    } catch {
      return false;
    }
  };
  try {
    const until = Date.now() + waitMs;
    while (!isMine()) {
      if (Date.now() >= until) return otherwise();
      await sleep(50);
    }
    return await work();
  } finally {
    db.close();
  }
}

function select(pattern, db) {
  if (!db) return store((own) => select(pattern, own));
  const found = db.prepare("SELECT value FROM kept WHERE name GLOB ? AND value != 'null' ORDER BY name").all(pattern);
  return found.map(({ value }) => JSON.parse(value));
}

const kept = (name, db) => select(name, db)[0] ?? null;

function keep(name, value, db) {
  if (!db) return store((own) => keep(name, value, own));
  db.prepare('INSERT OR REPLACE INTO kept VALUES (?, ?, ?)').run(name, JSON.stringify(value), Date.now());
  return value;
}

const sign = (id, at, body) => `v1,${createHmac('sha256', key()).update(`${id}.${at}.`).update(body).digest('base64')}`;
const iso = (at = Date.now()) => new Date(at).toISOString();

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

/** Writes a fault of your code into the log, without what is secret in it; gives words for the person. */
function blame(what, error, ...hidden) {
  const text = hidden.reduce((left, one) => left.replaceAll(String(one), '…'), inspect(error));
  console.error(`${what}: ${text}`);
  return `${what}; the log says why`;
}
