/**
 * Opening Bell in a Node program, for Node 22.18 or newer, imported or required. Three files are the kit:
 *
 * opening-bell.contract.mjs answers the extension's signed messages.
 * Here `current` gives a trading program its session; `reads` and `acts` park its calls until a login.
 * Both stand on opening-bell.store.mjs, which keeps all in SQLite files.
 * One process leads: it verifies, runs the feed and the parked calls. It leads by a lock that ends with the process.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isEnded, OFF, replyTo } from './opening-bell.contract.mjs';
import {
  blame,
  calls,
  here,
  hide,
  inTime,
  iso,
  keep,
  kept,
  living,
  lock,
  Refused,
  save,
  store,
  trouble,
} from './opening-bell.store.mjs';

export { calls, Refused, trouble } from './opening-bell.store.mjs';

const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
const FEED = ['connecting', 'subscribed', 'live', 'refused', 'no_market_data']; // what `tell` may say
const WAITING = ['parked', 'queued', 'needs_confirmation'];
// What Kite refuses with one of these types was not carried out. Any other error of a call that acts leaves it lost.
const REFUSALS = ['InputException', 'OrderException', 'MarginException', 'HoldingException', 'PermissionException'];

/** A call waits under `number`; give your page `answer`. Throw it in a call yourself where the session is gone. */
class Waits extends Error {
  constructor(number = null) {
    super(`call ${number} waits for a login, or for your confirmation`);
    this.name = 'AuthRequired';
    Object.assign(this, { number, answer: { auth_required: true, parked: number, error: this.message } });
  }
}
here.AuthRequired ??= Waits;
export const { AuthRequired } = here;

/**
 * Takes your functions: exchange, verify, and feed if you have one.
 *
 * exchange(token) gives an object with `user`, and `ends` in epoch milliseconds if you know it. verify(session) throws, or
 * gives false, where the broker refuses. feed(session, tell) starts a feed and gives a function that stops it.
 */
export function yours(functions) {
  const other = Object.keys(functions).find((name) => !['exchange', 'verify', 'feed'].includes(name));
  if (other !== undefined) throw new TypeError(`${other} is none of exchange, verify and feed`);
  Object.assign(here.yours, functions);
}

// The route.

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
  const body = typeof ready === 'string' || Buffer.isBuffer(ready) ? Buffer.from(ready) : await bodyOf(request);
  const { status, headers, text } = await receive((name) => request.headers[name], body);
  response.writeHead(status, headers).end(text);
}

/** No chunk after the first 16 KiB: what is longer is no message of the contract. */
async function bodyOf(stream) {
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      if (size < 16_384) chunks.push(chunk);
      size += chunk.length;
    }
  } catch {
    return Buffer.alloc(0); // the caller hung up
  }
  return Buffer.concat(chunks);
}

/** Takes a POST: `header` gives a header by its name, `body` is the raw bytes. Gives the status, the headers and the text to answer with. */
export function receive(header, body) {
  start();
  return replyTo(header, body);
}

// A trading program's session and calls.

/** The living session as `exchange` made it, or null; the same in every process. */
export const current = () => living()?.made ?? null;

/** For a function(session, …) that only reads: parked without a session, it runs automatically after the login. */
export const reads = (name, run) => wrap(name, { run, within: DAY_S, isAct: false });

/**
 * For a function(session, key, …) that acts: parked, it runs after `confirm`, once, and not after `within` seconds.
 * Where its outcome was lost, lookUp(session, key) finds it: any JSON, or null where the broker knows of nothing.
 * Its `keyed` takes a key of yours before the arguments; what is parked under one runs once.
 */
export const acts = (name, { within, lookUp = () => null }, run) => wrap(name, { run, within, lookUp, isAct: true });

function wrap(name, { run, within, lookUp, isAct }) {
  if (!(within > 0 && within <= WEEK_S)) throw new RangeError('within is a week at most, in seconds'); // what is older is forgotten
  here.calls.set(name, { run, lookUp });
  async function keyed(wanted, ...args) {
    const [held, given] = [living(), JSON.stringify(args, noGuess)];
    const key = isAct ? (wanted ?? randomBytes(10).toString('hex')) : given;
    const one = {
      ...{ name, given, isAct, key, state: isAct ? 'needs_confirmation' : 'parked' },
      ...{ parked_at: iso(), until: Date.now() + within * 1_000, finished_at: null, took_ms: null, problem: null },
      tried: held?.exchanged_at ?? null, // not tried again on this session
    };
    const before = sameAs(one);
    if (before && before.given !== given) throw new Error('this key is another call’s');
    if (before?.state === 'done') return before.result;
    if (before?.finished_at) throw new Error(`call ${before.number} is ${before.state}`);
    try {
      if (held && !before) return await attempt(one, held, run);
    } catch (error) {
      if (!(error instanceof AuthRequired)) throw error;
      doubt(held);
    }
    const parked = store((db) => {
      const last = calls(db).at(-1)?.number ?? 0;
      return sameAs(one, db) ?? save({ ...one, number: last + 1 }, db);
    });
    throw new AuthRequired(parked.number);
  }
  return Object.assign((...args) => keyed(null, ...args), { keyed });
}

/** The call of this name and key; a read counts only while it waits. */
const sameAs = ({ name, key, isAct }, db) =>
  calls(db).find((other) => other.name === name && other.key === key && (isAct || other.state === 'parked'));

/** JSON makes null of these in silence, and an order over null pieces is none that anybody gave. */
function noGuess(_name, value) {
  const isLost = typeof value === 'number' ? !Number.isFinite(value) : value === undefined && Array.isArray(this);
  if (isLost) throw new TypeError(`the arguments of a call are JSON, and ${value} is none`);
  return value;
}

const attempt = ({ given, key, isAct }, held, run) =>
  ask(run, held.made, ...(isAct ? [key] : []), ...JSON.parse(given));

/** Runs a function of yours; AuthRequired where the broker says that the session is gone. */
async function ask(run, ...args) {
  try {
    const result = await run(...args);
    if (typeof result?.next === 'function') throw new TypeError('a generator: nothing of it ran');
    // Breeze's client returns its errors, and so does Kite's own JSON.
    if (!isEnded(result?.Error) && !isEnded({ error_type: result?.error_type })) return result;
  } catch (error) {
    if (!isEnded(error)) throw error;
  }
  throw new AuthRequired();
}

/** True for a broker's answer that was given back and says that the call failed. */
const refuses = (result) =>
  result?.ok === false || result?.status === 'error' || (typeof result?.Error === 'string' && result.Error !== '');

/** A person's word on a call that acts; false where it comes too late, or came before. */
export const confirm = (number) => decide(number, { state: 'queued', tried: null });
export const cancel = (number) => decide(number, { state: 'cancelled', finished_at: iso() });
function decide(number, facts) {
  return store((db) => {
    const one = calls(db).find((other) => String(other.number) === String(number)); // a path's number is a text
    const may = one?.state === 'needs_confirmation' && one.until > Date.now();
    if (may) save({ ...one, ...facts }, db);
    return may;
  });
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
    await pause(500);
    try {
      await lock('lead', 0, lead);
    } catch (error) {
      if (error instanceof Refused) continue; // another process leads
      blame('the worker failed', error);
      await pause(5_000); // else a full disk fills faster
    }
  }
}

/** A program that has nothing else to do may end in it. */
const pause = (ms) => sleep(ms, null, { ref: false });

/** Works until the program ends. */
async function lead() {
  const feed = { session: null }; // on which it runs
  store((db) => {
    // What was running in a process that died.
    const running = calls(db).filter(({ state }) => state === 'running');
    for (const one of running) save({ ...one, ...(one.isAct ? lost() : { state: 'parked', tried: null }) }, db);
  });
  try {
    for (;;) {
      await prove(living());
      await follow(living(), feed);
      if (!(await runNext(living())) && !(await lookUpNext(living()))) await pause(300);
    }
  } finally {
    await follow(null, feed);
  }
}

/** Asks the broker whether the session lives: when it is new or in doubt, then every five minutes. */
async function prove(held) {
  const wait = (held?.proofDue ?? 0) - Date.now();
  if (!held || (wait > 0 && wait < 301_000)) return; // over 301 s: the clock was set back
  try {
    const said = await inTime('verify', () => ask(here.yours.verify, held.made));
    if (said === false) throw new AuthRequired();
    if (refuses(said)) throw new Error('verify gave back an error', { cause: said });
    change(held, { state: 'verified', verified_at: iso(), problem: null, proofDue: Date.now() + 300_000 });
  } catch (error) {
    if (error instanceof AuthRequired) return change(held, { state: 'rejected', problem: 'the broker refuses it' });
    const problem = blame('verify failed', error, held.made);
    change(held, { problem, proofDue: Date.now() + 10_000 });
  }
}

const doubt = (held) => change(held, { state: 'exchanged', proofDue: 0 }); // until it is verified again

function change(held, facts) {
  store((db) => {
    const now = kept('session', db);
    if (now.exchanged_at === held.exchanged_at) keep('session', { ...now, ...facts }, db);
  });
}

/** Ends the feed of another session, or one that was refused half a minute ago, and begins one on this session. */
async function follow(held, feed) {
  const old = feed.session;
  const isRefused = old && feed.told.state === 'refused' && performance.now() > feed.toldAt + 30_000;
  if (old && (isRefused || held?.exchanged_at !== old.exchanged_at)) {
    feed.session = null;
    await inTime('the function that stops the feed', feed.stop).catch((error) =>
      blame('the feed could not be stopped', error, old.made),
    );
    keep('feed', null);
  }
  if (!held || feed.session || !here.yours.feed) return;
  Object.assign(feed, { session: held, stop() {}, told: { ...OFF, of: held.exchanged_at }, toldAt: 0 });
  // Of its ticks one a second is kept.
  const tell = (state, why = null) => {
    if (!FEED.includes(state)) throw new TypeError(`tell says one of ${FEED}, and not ${state}`);
    const isNextTick = state === 'live' && feed.told.state === 'live' && performance.now() < feed.toldAt + 1_000;
    if (feed.session !== held || isNextTick) return;
    const ticks = state === 'live' ? { first_tick_at: feed.told.first_tick_at ?? iso(), last_tick_at: iso() } : {};
    const problem = why && hide(String(why.message || why), held.made);
    feed.told = keep('feed', { ...feed.told, ...ticks, state, problem });
    feed.toldAt = performance.now();
  };
  const begin = async () => {
    try {
      const stop = await here.yours.feed(held.made, tell);
      if (feed.session === held) feed.stop = stop ?? feed.stop;
      else await stop?.(); // it came back after its session was over
    } catch (error) {
      tell('refused', blame('the feed could not be started', error, held.made));
    }
  };
  tell('connecting');
  await inTime('feed', begin, 10).catch((late) =>
    tell(feed.told.state, `${blame('feed', late)}: let it start the feed, and not wait for it`),
  );
}

/** Runs the oldest parked call that may run; true where there was one. */
async function runNext(held) {
  const one = take(held, ({ state }) => state === 'parked' || state === 'queued', { state: 'running' });
  if (!one) return false;
  const began = Date.now();
  const facts = await carryOut(one, held);
  save({ ...one, ...facts, took_ms: facts.finished_at ? Date.now() - began : null });
  return true;
}

async function carryOut(one, held) {
  try {
    return outcome(one, await inTime(one.name, () => attempt(one, held, here.calls.get(one.name).run)));
  } catch (error) {
    if (error instanceof AuthRequired) {
      doubt(held);
      return { state: one.isAct ? 'needs_confirmation' : 'parked' };
    }
    const problem = blame(`${one.name} failed`, error, held.made);
    const isClear = !one.isAct || REFUSALS.includes(error?.error_type);
    return isClear ? { state: 'failed', problem, finished_at: iso() } : lost();
  }
}

/** Looks up the oldest call whose outcome was lost; true where there was one. */
async function lookUpNext(held) {
  const one = take(held, ({ lookAt }) => lookAt && lookAt < Date.now(), {});
  if (!one) return false;
  try {
    const found = await inTime('lookUp', () => ask(here.calls.get(one.name).lookUp, held.made, one.key));
    save({ ...one, ...((found ?? null) === null ? {} : outcome(one, found)), lookAt: null });
  } catch (error) {
    if (error instanceof AuthRequired) doubt(held);
    else blame('lookUp failed', error, held.made);
  }
  return true;
}

/** The oldest call that is ready and was not tried with this session; its new facts are kept before it runs. */
function take(held, isReady, facts) {
  return store((db) => {
    const isLate = ({ state, until }) => WAITING.includes(state) && until < Date.now();
    for (const late of calls(db).filter(isLate)) save({ ...late, state: 'stale', finished_at: iso() }, db);
    if (held?.state !== 'verified') return null;
    const mayRun = (one) => isReady(one) && one.tried !== held.exchanged_at && here.calls.has(one.name);
    const next = calls(db).find(mayRun);
    return next ? save({ ...next, ...facts, tried: held.exchanged_at }, db) : null;
  });
}

/** How a call ends that gave a result. A result that is no JSON does not make it run again. */
function outcome({ isAct }, result = null) {
  if (refuses(result)) throw new Error('the broker’s answer is an error', { cause: result });
  const facts = { state: 'done', finished_at: iso(), problem: null, result };
  try {
    JSON.stringify(result);
    return facts;
  } catch {
    return { ...facts, state: isAct ? 'done' : 'failed', problem: 'its result is no JSON', result: null };
  }
}

/** A call whose outcome is not known. Its look-up waits 5 seconds: a broker may list an order late. */
function lost() {
  const problem = 'outcome unknown; it is not sent again';
  return { state: 'failed', problem, finished_at: iso(), lookAt: Date.now() + 5_000, tried: null };
}
