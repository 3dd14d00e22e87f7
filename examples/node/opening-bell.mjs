/**
 * Opening Bell in a Node program, for Node 22.18 or newer, imported or required. Three files are the kit:
 *
 * Downstairs, opening-bell.contract.mjs answers the extension's signed messages.
 * Upstairs, here, `current`, `reads` and `acts` give a trading program its session, and its calls a second try.
 * Both stand on opening-bell.store.mjs, which keeps all in SQLite files.
 * One process leads: it verifies, runs the feed and the parked calls. It leads by a lock that ends with the process.
 */
import { randomBytes } from 'node:crypto';
import { inTime, isEnded, OFF, replyTo } from './opening-bell.contract.mjs';
import {
  blame,
  calls,
  here,
  hide,
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
 * Its `keyed` takes a key of yours before the arguments, which runs once.
 */
export const acts = (name, { within, lookUp = () => null }, run) => wrap(name, { run, within, lookUp, isAct: true });

function wrap(name, { run, within, lookUp, isAct }) {
  if (!(within > 0 && within <= WEEK_S)) throw new RangeError('within is a week at most, in seconds'); // what is older is forgotten
  here.calls.set(name, { run, lookUp });
  async function keyed(wanted, ...args) {
    const [held, given] = [living(), JSON.stringify(args, noGuess)];
    // `tried` names the session it was last tried with: a call waits for another one.
    const one = {
      ...{ name, given, isAct, key: wanted ?? randomBytes(10).toString('hex'), tried: held?.exchanged_at ?? null },
      ...{ state: isAct ? 'needs_confirmation' : 'parked', parked_at: iso(), until: Date.now() + within * 1_000 },
      ...{ finished_at: null, took_ms: null, problem: null },
    };
    // By its key; the same read that waits already, waits once.
    const isSame = (other) =>
      other.name === name && (other.key === one.key || (!isAct && other.given === given && other.state === 'parked'));
    const before = calls().find(isSame);
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
      const every = calls(db);
      return every.find(isSame) ?? save({ ...one, number: (every.at(-1)?.number ?? 0) + 1 }, db);
    });
    throw new AuthRequired(parked.number);
  }
  return Object.assign((...args) => keyed(null, ...args), { keyed });
}

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
  const may = store((db) => {
    // A path's number is a text.
    const one = calls(db).find(
      (other) => String(other.number) === String(number) && other.state === 'needs_confirmation',
    );
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
  let pause = 500;
  for (;;) {
    await new Promise((woken) => setTimeout(woken, pause).unref());
    pause = 500;
    await lock('lead', 0, lead).catch((error) => {
      if (error instanceof Refused) return; // another process leads
      blame('the worker failed', error);
      pause = 5_000; // else a full disk fills faster
    });
  }
}

/** Works until the program ends. */
async function lead() {
  const me = { session: null }; // on which the feed runs
  store((db) => {
    // What was running in a process that died.
    const running = calls(db).filter(({ state }) => state === 'running');
    for (const one of running) save({ ...one, ...(one.isAct ? lost() : { state: 'parked', tried: null }) }, db);
  });
  try {
    for (;;) {
      await prove(living());
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
async function prove(held) {
  const wait = (held?.proofDue ?? 0) - Date.now();
  if (!held || (wait > 0 && wait < 301_000)) return; // further off after the clock was set back
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

// In doubt until it is verified again.
const doubt = (held) => change(held, { state: 'exchanged', proofDue: 0 });

function change(held, facts) {
  store((db) => {
    const now = kept('session', db);
    if (now.exchanged_at === held.exchanged_at) keep('session', { ...now, ...facts }, db);
  });
  here.wake();
}

/** Stops the feed of another session, or one that was refused half a minute ago, and starts it on this session. */
async function follow(held, me) {
  const old = me.session;
  const isRefused = old && me.told.state === 'refused' && performance.now() > me.at + 30_000;
  if (old && (old.exchanged_at !== held?.exchanged_at || isRefused)) {
    me.session = keep('feed', null);
    try {
      await inTime('the function that stops the feed', me.stop);
    } catch (error) {
      blame('the feed could not be stopped', error, old.made);
    }
  }
  if (!held || me.session || !here.yours.feed) return;
  Object.assign(me, { session: held, told: { ...OFF, of: held.exchanged_at }, at: 0, stop() {} });
  const tell = (state, why = null) => {
    if (!FEED.includes(state)) throw new TypeError(`tell says one of ${FEED}, and not ${state}`);
    if (me.session !== held || (state === 'live' && me.told.state === 'live' && performance.now() < me.at + 1_000))
      return;
    const problem = why && hide(String(why.message || why), held.made);
    const ticks = state === 'live' ? { first_tick_at: me.told.first_tick_at ?? iso(), last_tick_at: iso() } : {};
    Object.assign(me, { at: performance.now(), told: keep('feed', { ...me.told, ...ticks, state, problem }) });
  };
  tell('connecting');
  const begin = async () => {
    try {
      const stop = await here.yours.feed(held.made, tell);
      if (me.session === held) me.stop = stop ?? me.stop;
      else await stop?.(); // it came back after its session was over
    } catch (error) {
      tell('refused', blame('the feed could not be started', error, held.made));
    }
  };
  await inTime('feed', begin, 10).catch((late) =>
    tell(me.told.state, `${blame('feed', late)}: let it start the feed, and not wait for it`),
  );
}

/** Runs the oldest call that may run; true where there was one. */
async function runNext(held) {
  const one = store((db) => {
    const isLate = ({ state, until }) => WAITING.includes(state) && until < Date.now();
    for (const late of calls(db).filter(isLate)) save({ ...late, state: 'stale', finished_at: iso() }, db);
    const mayRun = ({ state, lookAt, tried, name }) =>
      (lookAt ? lookAt < Date.now() : state === 'parked' || state === 'queued') &&
      tried !== held.exchanged_at &&
      here.calls.has(name);
    const next = held?.state === 'verified' ? calls(db).find(mayRun) : undefined;
    return next && save({ ...next, tried: held.exchanged_at, ...(next.lookAt ? {} : { state: 'running' }) }, db);
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
    const { run, lookUp } = here.calls.get(one.name);
    const work = one.lookAt ? () => ask(lookUp, held.made, one.key) : () => attempt(one, held, run);
    const result = (await inTime(one.lookAt ? 'lookUp' : one.name, work)) ?? null;
    if (refuses(result)) throw new Error('the broker’s answer is an error', { cause: result });
    return one.lookAt && result === null ? { lookAt: null } : { lookAt: null, ...ended(one, result) };
  } catch (error) {
    if (error instanceof AuthRequired) doubt(held);
    const problem = error instanceof AuthRequired ? null : blame(`${one.name} failed`, error, held.made);
    if (one.lookAt) return {};
    if (error instanceof AuthRequired) return { state: one.isAct ? 'needs_confirmation' : 'parked' };
    const isClear = !one.isAct || REFUSALS.includes(error?.error_type);
    return isClear ? { state: 'failed', problem } : lost();
  }
}

/** How a call ends that gave a result; one that cannot be kept is no reason to run it again. */
function ended({ isAct }, result) {
  try {
    JSON.stringify(result);
    return { state: 'done', problem: null, result };
  } catch {
    return { state: isAct ? 'done' : 'failed', problem: 'its result is no JSON', result: null };
  }
}

/** What becomes of a call whose outcome is not known. A broker may list an order seconds late: it is looked up then. */
function lost() {
  const problem = 'outcome unknown; it is not sent again';
  return { state: 'failed', problem, finished_at: iso(), lookAt: Date.now() + 5_000, tried: null };
}
