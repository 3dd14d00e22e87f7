import { createInterface } from 'node:readline';
import { PgBoss } from 'pg-boss';
import { zerodhaClient } from '../../../backend/src/brokers/zerodha.ts';
import { KITE } from '../../flow/backend/harness.ts';
import { accountOf } from './apps.ts';

/** pg-boss used directly: takes one job after the other, asks the broker, says that it is done. Begins at a line on its input. */
const [url = '', queue = '', accessToken = ''] = process.argv.slice(2);
const boss = new PgBoss({ connectionString: url, max: 4, schedule: false, supervise: false });
boss.on('error', () => {});
await boss.start();
const account = accountOf(KITE);
const api = zerodhaClient(account).open(accessToken);
console.log('ready');
for await (const _line of createInterface(process.stdin)) break;
for (;;) {
  const [job] = await boss.fetch(queue);
  if (job === undefined) break;
  await api.profile();
  await boss.complete(queue, job.id);
}
await boss.stop({ graceful: false });
process.exit(0);
