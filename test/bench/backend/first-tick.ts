import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { PracticeBrokers } from '../../brokers/index.ts';
import { KITE } from '../../flow/backend/harness.ts';
import { until } from '../../support/until.ts';
import type { BackendSizes } from './backend.ts';
import { quantile } from '../results/quantile.ts';
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
