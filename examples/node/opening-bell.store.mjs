/**
 * The ground of opening-bell.mjs: its settings, and what all processes keep in SQLite files.
 *
 * The files lie in clear in a folder of mode 0700.
 */
import { createHmac } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/** By broker: its tokens' kind and shape, and the hour in India at which its sessions end. */
export const BROKERS = {
  zerodha: { kind: 'one-time', shape: /^[A-Za-z0-9]{16,64}$/, endsAt: 6 },
  icici: { kind: 'day', shape: /^[A-Za-z0-9]{4,64}$/, endsAt: 0 },
};
export const NONE = {
  state: 'none',
  delivery: null,
  user: null,
  exchanged_at: null,
  verified_at: null,
  expires_at: null,
  problem: null,
};
/** The refusals of the contract, and the status that each comes with. */
export const STATUS = {
  ...{ bad_request: 400, bad_signature: 401, stale_timestamp: 401, wrong_account: 409, superseded: 409 },
  ...{ in_progress: 409, token_spent: 410, configuration: 422, rate_limited: 429, unavailable: 503 },
};

// One for all: a bundler may load this file several times.
const HERE = Symbol.for('opening-bell');
globalThis[HERE] ??= { yours: {}, calls: new Map(), isStarted: false };
export const here = globalThis[HERE];

// Settings are read when they are used: many programs fill their environment after their imports.
export const setting = (name, otherwise = '') => process.env[`OPENING_BELL_${name}`] || otherwise;
export const broker = () => setting('BROKER', 'zerodha');
export const account = () => setting('ACCOUNT', broker());
const secret = () => Buffer.from(setting('SECRET').slice('whsec_'.length), 'base64');

/** One sentence on what keeps this receiver from answering, or null. */
export function trouble() {
  if (!Object.hasOwn(BROKERS, broker())) return 'OPENING_BELL_BROKER must be zerodha or icici';
  if (!setting('SECRET')) return 'OPENING_BELL_SECRET is not set';
  const makeOne = 'is no secret; this makes one: echo "whsec_$(openssl rand -base64 32)"';
  const shapes = [
    ['SECRET', setting('SECRET'), /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, makeOne],
    ['ACCOUNT', account(), /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/, 'is no account’s name'],
    ['USER', setting('USER'), /^(?:[A-Za-z0-9]{2,40})?$/, 'is no user id of a broker'],
    ['TIMEOUT', setting('TIMEOUT', '60'), /^[1-9][0-9]{0,4}$/, 'is no number of seconds'],
  ];
  for (const [name, value, shape, words] of shapes) {
    if (/^["'`\s]|["'`\s]$/.test(value)) return `OPENING_BELL_${name} has quotes or blanks around it`;
    if (!shape.test(value)) return `OPENING_BELL_${name} ${words}`;
  }
  const isExample = new Set(secret()).size < 12 || secret().includes('example');
  return isExample ? 'OPENING_BELL_SECRET is an example’s secret' : null;
}

/** Why a token is not taken: a reason of the contract, and words for the person. */
class Refusal extends Error {
  constructor(reason, words = '') {
    if (!Object.hasOwn(STATUS, reason)) throw new RangeError(`${reason} is no reason of the contract`);
    super(words || reason);
    this.reply = { type: 'session.refused', reason, message: words.slice(0, 200) };
  }
}
here.Refused ??= Refusal;
export const { Refused } = here;

/** A function of yours has not come back. The outcome of its work is not known. */
export class Late extends Error {}

/** What a work of yours comes to. One that does not come back is left alone after a while. */
export async function inTime(name, work, seconds = Number(setting('TIMEOUT', '60'))) {
  const waiting = new AbortController();
  const late = sleep(seconds * 1_000, null, { ref: false, signal: waiting.signal }).then(() => {
    throw new Late(`${name} has not come back within ${seconds} seconds`);
  });
  try {
    return await Promise.race([late, Promise.resolve().then(work)]);
  } finally {
    waiting.abort();
  }
}

// What is kept, by name: `session`, `last` (who logged in last), `feed`, an `answer:` by its id, a `call:` by its number.

/** An open SQLite file, which all processes share. */
function open(name, waitMs) {
  const folder = join(setting('FOLDER', process.cwd()), '.opening-bell');
  const file = join(folder, `${account()}.${name}`.replace(/[\\/:*?"<>|]/g, '_'));
  mkdirSync(folder, { mode: 0o700, recursive: true });
  // Do not open it again: on close, POSIX drops the process's locks on it.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA busy_timeout = ${waitMs}`);
  return db;
}

/** One transaction. */
export function store(work) {
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
export async function lock(name, waitMs, work) {
  const until = Date.now() + waitMs;
  const db = open(name, 0);
  try {
    while (!begins(db)) {
      if (Date.now() >= until) throw new Refused('in_progress');
      await sleep(50);
    }
    return await work();
  } finally {
    db.close();
  }
}

function begins(db) {
  try {
    db.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (!/locked|busy/.test(error.message)) throw error;
    return false;
  }
}

/** What is kept under such names; what is kept as null is forgotten. */
export function select(pattern, db) {
  if (!db) return store((own) => select(pattern, own));
  const found = db.prepare("SELECT value FROM kept WHERE name GLOB ? AND value != 'null' ORDER BY name").all(pattern);
  return found.map(({ value }) => JSON.parse(value));
}

export const kept = (name, db) => select(name, db)[0] ?? null;

export function keep(name, value, db) {
  if (!db) return store((own) => keep(name, value, own));
  db.prepare('INSERT OR REPLACE INTO kept VALUES (?, ?, ?)').run(name, JSON.stringify(value), Date.now());
  return value;
}

/** The session as a report shows it. */
export function shown(held = kept('session') ?? NONE) {
  const { made: _, proofDue: __, ...facts } = held;
  const isOver = ['exchanged', 'verified'].includes(facts.state) && Date.parse(facts.expires_at) <= Date.now();
  return isOver ? { ...facts, state: 'expired' } : facts;
}

/** The session, unless it is over. */
export function living() {
  const held = kept('session');
  return held && ['exchanged', 'verified'].includes(shown(held).state) ? held : null;
}

/** The calls that were parked, oldest first, for your page. */
export const calls = (db) => select('call:*', db);
export const save = (one, db) => keep(`call:${String(one.number).padStart(9, '0')}`, one, db);

export const sign = (id, at, body) =>
  `v1,${createHmac('sha256', secret()).update(`${id}.${at}.`).update(body).digest('base64')}`;
export const iso = (at = Date.now()) => new Date(at).toISOString();

/** Writes a fault of your code into the log, without what is secret in it; gives words for the person. */
export function blame(what, error, ...hidden) {
  console.error(`${what}: ${hide(inspect(error), hidden)}`);
  return error instanceof Late ? error.message : `${what}; the log says why`;
}

/** The text without any text that is in `secret`, however deep. */
export function hide(text, secret) {
  if (typeof secret === 'string') return secret.length > 3 ? text.replaceAll(secret, '…') : text;
  return secret && typeof secret === 'object' ? Object.values(secret).reduce(hide, text) : text;
}
