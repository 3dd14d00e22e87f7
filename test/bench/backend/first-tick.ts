import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SessionReport } from '../../../utils/shared/contract.ts';
import type { PracticeBrokers } from '../../brokers/index.ts';
import { KITE, type Sender } from '../../flow/backend/harness.ts';
import { until } from '../../support/until.ts';
import type { Table } from '../results/speed.ts';
import { spreadOf, timesOf } from '../results/spread.ts';
import { takeTurns } from '../turns.ts';
import { OLDER_APP } from './apps.ts';
import type { BackendSizes } from './backend.ts';
import { withBackend } from './with-backend.ts';

/** From a token at the backend to the first tick of its feed, beside the older design with its file watcher and its pause. */
export async function measureFirstTick(brokers: PracticeBrokers, { logins }: BackendSizes): Promise<Table> {
  brokers.kite.register(OLDER_APP);
  const older = await startOlder(brokers);
  const measured = await withBackend(brokers, (_backend, sender) =>
    takeTurns(
      [
        { name: OLDER, turn: () => older.tick(brokers.kite.issue(OLDER_APP.apiKey)) },
        { name: 'this backend', turn: () => tick(sender, brokers.kite.issue(KITE.apiKey)) },
      ],
      logins,
    ),
  ).finally(older.close);
  return {
    id: 'first-tick',
    basis: `${logins} logins each, in turns`,
    columns: [
      { name: 'ms', digits: 0 },
      { name: 'times the older design', digits: 3 },
    ],
    rows: [...measured].map(([name, times]) => ({
      name,
      figures: [spreadOf(times), timesOf(times, measured.get(OLDER))],
    })),
  };
}

const OLDER = 'a watched file and a pause of 3 s';

async function tick(sender: Sender, token: string): Promise<number> {
  const message = sender.captured(token);
  const sentAt = Date.now();
  await sender.deliver(message);
  const isOfThis = ({ session, feed }: SessionReport) =>
    session.delivery === sender.idOf(message) && Date.parse(feed?.first_tick_at ?? '') >= sentAt;
  const { feed } = await until(sender.check, isOfThis);
  return Date.parse(feed?.first_tick_at ?? '') - sentAt;
}

async function startOlder(brokers: PracticeBrokers) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'older-design.ts')], {
    env: { PATH: process.env.PATH, ...brokers.nodeEnv },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('close', done));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const url = await until(
    () => /http:\S+/.exec(output)?.[0] ?? '',
    (found) => found !== '',
  );
  const ticks = () => [...output.matchAll(/first tick (\d+)/g)].map(([, at]) => Number(at));
  return {
    async tick(token: string): Promise<number> {
      const before = ticks().length;
      const sentAt = Date.now();
      await fetch(`${url}/callback?request_token=${token}`);
      const seen = await until(ticks, ({ length }) => length > before);
      return (seen[before] ?? Number.NaN) - sentAt;
    },
    async close(): Promise<void> {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
