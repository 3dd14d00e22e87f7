// A person's trading.mjs, written for the tests: it asks the practice brokers (exchange.ts), or takes any token but a few.
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { acts, Refused, reads, yours } from './opening-bell.mjs';

const { PRACTICE_EXCHANGE, PRACTICE_FEED, PRACTICE_LOG, PRACTICE_WITHIN } = process.env;
const GONE = { error_type: 'TokenException', message: 'Incorrect `api_key` or `access_token`.' };
const SLOW_MS = Number(process.env.PRACTICE_SLOW ?? 0) * 1_000;
const seen = new Set();

/** Adds to what was seen: one line, written at once, by however many processes. */
function note(...words) {
  if (PRACTICE_LOG) appendFileSync(PRACTICE_LOG, `${words.join(' ')}\n`);
}

async function exchange(token) {
  note('exchange', token);
  if (PRACTICE_EXCHANGE) {
    const said = await (await fetch(PRACTICE_EXCHANGE + token, { cache: 'no-store' })).json();
    if (said.refused) throw new Refused(said.refused);
    return { user: said.user, ends: said.ends * 1_000, access_token: token };
  }
  await sleep(100);
  const isFirst = !seen.has(token);
  seen.add(token);
  if (isFirst && token.startsWith('Stuck')) await new Promise(() => {});
  if (token.startsWith('Slow')) await sleep(11_000);
  if (token.startsWith('Spent')) throw { error_type: 'TokenException', message: 'Token is invalid or has expired.' };
  if (isFirst && token.startsWith('Key')) throw new Refused('configuration');
  if (token.startsWith('Fault')) throw new TypeError(`no such thing as ${token}`);
  if (isFirst && token.startsWith('Flaky')) throw new Error();
  if (isFirst && token.startsWith('Word')) throw new Refused('the token is no good');
  if (isFirst && token.startsWith('Nobody')) return { access_token: token };
  if (isFirst && token.startsWith('Ends')) return { user: 'AB1234', ends: 'tomorrow' };
  if (isFirst && token.startsWith('Blank')) return { user: ' ' };
  // Seconds, as Python has them.
  if (isFirst && token.startsWith('Over')) return { user: 'AB1234', ends: Date.now() / 1_000 };
  return { user: 'AB1234', ends: Date.now() + 8 * 3_600_000, access_token: token };
}

/** How often a line was seen so far. */
const times = (line) => readFileSync(PRACTICE_LOG, 'utf8').split(`${line}\n`).length - 1;

async function verify({ access_token }) {
  if (access_token.startsWith('False')) return false;
  // The first session of this token ends with its first call.
  if (access_token.startsWith('Twice') && times('gone') > 0 && times(`exchange ${access_token}`) === 1) throw GONE;
  if (access_token.startsWith('Dead')) throw GONE;
  if (access_token.startsWith('Breeze')) throw new Error('Unexpected error: Session key is expired.');
}

function feed({ access_token }, tell) {
  note('feed', access_token, process.pid, Date.now() / 1_000);
  tell('subscribed');
  tell('live');
  return () => note('stop', access_token, process.pid);
}

yours({ exchange, verify, ...(PRACTICE_FEED ? { feed } : {}) });

export const quote = reads('quote', async ({ access_token }, name) => {
  if (access_token.startsWith('Gone')) throw GONE;
  if (access_token.startsWith('Twice') && times('gone') === 0) {
    note('gone');
    throw GONE;
  }
  if (name === 'List') return { Error: ['no text'] };
  await sleep(SLOW_MS);
  note('read', name);
  return { name, by: access_token };
});

const lookUp = (_session, key) => (readFileSync(PRACTICE_LOG, 'utf8').includes(`act ${key}\n`) ? 'found' : null);

export const buy = acts('buy', { within: Number(PRACTICE_WITHIN ?? 600), lookUp }, async (_session, key, symbol) => {
  if (symbol === 'Doubt' && times('doubt') === 0) {
    note('doubt');
    throw GONE;
  }
  // The broker lists this one a second after its answer was lost.
  if (symbol === 'Late') setTimeout(note, 1_000, 'act', key);
  else if (symbol !== 'Lost') note('act', key);
  await sleep(SLOW_MS);
  if (symbol === 'Hang' || symbol === 'Lost') {
    note('hangs', symbol);
    await sleep(600_000);
  }
  if (symbol === 'Cut' || symbol === 'Late') throw new Error('the answer was lost');
  if (symbol === 'Poor') throw { error_type: 'OrderException', message: 'insufficient funds' };
  return { key, symbol };
});

export const sell = acts('sell', { within: 600 }, async (_session, key, symbol) => {
  note('act', key);
  return { key, sold: symbol };
});
