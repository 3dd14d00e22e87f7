import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { foldAnswer, nextCheck, noFacts, type SessionFacts, waitOf } from '../../utils/domain/session/facts.ts';
import { CONTRACT_VERSION, type SessionCheck } from '../../utils/shared/contract.ts';
import type { Calendar } from '../../utils/shared/market.ts';
import { istClock } from '../../utils/shared/time.ts';
import type { PracticeBrokers } from '../brokers/index.ts';
import { KITE, type Sender } from '../flow/backend/harness.ts';
import { until } from '../support/until.ts';
import type { BackendSizes } from './backend.ts';
import { quantile } from './quantile.ts';
import { withBackend } from './with-backend.ts';

/** From a token at the backend to the first tick of its feed, beside the older design with its file watcher and its pause. */
export async function measureFirstTick(brokers: PracticeBrokers, { logins }: BackendSizes): Promise<void> {
  const older = await measureOlder(brokers, logins);
  const ours = await measureOurs(brokers, logins);
  const base = quantile(older, 0.5);
  console.log(`\n${'token at the backend → first tick'.padEnd(38)} median ms   p95 ms   ratio   (${logins} logins)`);
  for (const [name, times] of [['file watcher and a pause of 3 s', older] as const, ['this backend', ours] as const]) {
    const median = quantile(times, 0.5);
    const cells = [median.toFixed(0).padStart(9), quantile(times, 0.95).toFixed(0).padStart(8)];
    console.log(`${name.padEnd(38)} ${cells.join(' ')} ${(median / base).toFixed(2).padStart(7)}`);
  }
  await measureLive(brokers, { logins });
}

/** The practice broker ticks at any hour. */
const alwaysOpen = (now: number): Calendar => {
  const today = {
    date: istClock(now).date,
    kind: 'trading',
    name: '',
    hours: { from: ALL_DAY[0], to: ALL_DAY[1] },
  } as const;
  return { market: 'nse-fo', own: { days: [today], through: null } };
};
const ALL_DAY = [
  { hour: 0, minute: 0 },
  { hour: 23, minute: 59 },
] as const;

/**
 * From a token, and from the first tick, to the moment when the extension knows of that tick and shows *live*: by checks
 * that wait, and by those that are asked of every other receiver. One login of each kind in turn.
 */
async function measureLive(brokers: PracticeBrokers, { logins }: Pick<BackendSizes, 'logins'>): Promise<void> {
  const known = { asked: [] as Live[], waited: [] as Live[] };
  await withBackend(brokers, async (_backend, sender) => {
    for (let login = 0; login < logins; login += 1)
      for (const way of ['asked', 'waited'] as const)
        known[way].push(await untilLive(sender, brokers.kite.issue(KITE.apiKey), way === 'waited'));
  });
  const of = (lives: readonly Live[], what: keyof Live, share = 0.5) =>
    quantile(
      lives.map((one) => one[what]),
      share,
    );
  console.log(
    `\n${'token → tick → live'.padEnd(38)} token → live   tick → live   p95   checks   ratio   (${logins} logins each)`,
  );
  for (const [name, lives] of [
    ['checks after 0.5, 1, 2, 4 s', known.asked] as const,
    ['a check that waits', known.waited] as const,
  ]) {
    const cells = [of(lives, 'token').toFixed(0).padStart(13), of(lives, 'tick').toFixed(0).padStart(13)];
    const rest = [of(lives, 'tick', 0.95).toFixed(0).padStart(5), of(lives, 'checks').toFixed(0).padStart(8)];
    const ratio = (of(lives, 'tick') / of(known.asked, 'tick')).toFixed(2).padStart(7);
    console.log(`${name.padEnd(38)} ${[...cells, ...rest, ratio].join(' ')}`);
  }
}

/** ms from the token, and from the tick, to the report that tells of it; and how many checks that took. */
interface Live {
  token: number;
  tick: number;
  checks: number;
}

/** Follows one login as the extension does, by its own judgement. */
async function untilLive(sender: Sender, token: string, mayWait: boolean): Promise<Live> {
  const message = sender.captured(token);
  const capturedAt = Date.now();
  await sender.deliver(message);
  const endedAt = Date.now();
  const delivery = sender.idOf(message);
  const login = { delivery, via: 'redirect', capturedAt, endedAt, end: 'applied', trouble: null } as const;
  let facts: SessionFacts = { ...noFacts('bench'), login, nextCheckAt: endedAt };
  for (let checks = 1; ; checks += 1) {
    await sleep(Math.max(0, (facts.nextCheckAt ?? 0) - Date.now()));
    const sentAt = Date.now();
    const wait = waitOf(facts, sentAt, alwaysOpen(sentAt));
    const check: SessionCheck = { version: CONTRACT_VERSION, type: 'session.check', account: message.account, wait };
    const { answer } = await sender.post(JSON.stringify(check));
    if (answer.type !== 'session.report') throw new Error(JSON.stringify(answer));
    const at = Date.now();
    const firstTickAt = Date.parse(answer.feed?.first_tick_at ?? '');
    const isLive = answer.session.state === 'verified' && answer.feed?.state === 'live';
    if (isLive) return { token: at - capturedAt, tick: at - firstTickAt, checks };
    const heard = mayWait ? answer : { ...answer, understands: [] };
    const told = foldAnswer(facts, heard, { sentAt, at });
    facts = { ...told, nextCheckAt: nextCheck(told, at, alwaysOpen(at)) };
  }
}

function measureOurs(brokers: PracticeBrokers, logins: number): Promise<number[]> {
  return withBackend(brokers, async (_backend, sender) => {
    const times: number[] = [];
    for (let login = 0; login < logins; login += 1) {
      const message = sender.captured(brokers.kite.issue(KITE.apiKey));
      const sentAt = Date.now();
      await sender.deliver(message);
      const { feed } = await until(sender.check, ({ feed }) => Boolean(feed?.first_tick_at));
      times.push(Date.parse(feed?.first_tick_at ?? '') - sentAt);
    }
    return times;
  });
}

async function measureOlder(brokers: PracticeBrokers, logins: number): Promise<number[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'older-design.ts')], {
    env: { PATH: process.env.PATH, ...brokers.nodeEnv },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('close', done));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  try {
    const url = await until(
      () => /http:\S+/.exec(output)?.[0] ?? '',
      (found) => found !== '',
    );
    const ticks = () => [...output.matchAll(/first tick (\d+)/g)].map(([, at]) => Number(at));
    const times: number[] = [];
    for (let login = 0; login < logins; login += 1) {
      const token = brokers.kite.issue(KITE.apiKey);
      const sentAt = Date.now();
      await fetch(`${url}/callback?request_token=${token}`);
      await until(ticks, (seen) => seen.length > login);
      times.push((ticks()[login] ?? Number.NaN) - sentAt);
    }
    return times;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}
