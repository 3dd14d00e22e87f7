import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PgBoss } from 'pg-boss';
import type { PracticeBrokers } from '../../brokers/index.ts';
import { KITE } from '../../flow/backend/harness.ts';
import { accountOf } from './apps.ts';

const QUEUE = 'direct';

/** Jobs a second by pg-boss itself, each a call of the broker, with so many worker processes on an empty database. */
export async function bossAlone(brokers: PracticeBrokers, url: string, workers: number, jobs: number): Promise<number> {
  const boss = new PgBoss({ connectionString: url, max: 2, schedule: false, supervise: false });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.insert(
    QUEUE,
    Array.from({ length: jobs }, (_, number) => ({ data: { number } })),
  );
  const token = await living(brokers);
  const children = Array.from({ length: workers }, () => child(brokers, [url, QUEUE, token]));
  await Promise.all(children.map(({ ready }) => ready));
  const startedAt = performance.now();
  for (const { go } of children) go();
  await Promise.all(children.map(({ ended }) => ended));
  const seconds = (performance.now() - startedAt) / 1_000;
  await boss.stop({ graceful: false });
  return jobs / seconds;
}

/** The access token of a session that lives. */
async function living(brokers: PracticeBrokers): Promise<string> {
  const { zerodhaClient } = await import('../../../backend/src/brokers/zerodha.ts');
  const unreach = await brokers.reachFromHere();
  const account = accountOf(KITE);
  const exchanged = await zerodhaClient(account).exchange(brokers.kite.issue(KITE.apiKey));
  unreach();
  if (!exchanged.ok) throw new Error(exchanged.words);
  return exchanged.accessToken;
}

function child(brokers: PracticeBrokers, args: string[]) {
  const worker = spawn(process.execPath, [join(import.meta.dirname, 'boss-worker.ts'), ...args], {
    env: { PATH: process.env.PATH, ...brokers.nodeEnv },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => worker.once('close', done));
  const ready = new Promise<void>((resolve) => worker.stdout.once('data', () => resolve()));
  return { ready: Promise.race([ready, ended]), ended, go: () => worker.stdin.write('go\n') };
}
