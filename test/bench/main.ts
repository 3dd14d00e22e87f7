import { parseArgs } from 'node:util';
import { commitHere } from '../report/commit.ts';
import { speakEnglish } from '../support/speak-english.ts';
import { keep, readSpeed, render } from './keep.ts';
import { PARTS, type Sizes } from './parts.ts';
import { aligned, cellsOf } from './results/cells.ts';
import { judge } from './results/limits.ts';
import { limitCells } from './results/page.ts';
import type { Table, TableId } from './results/speed.ts';

/**
 * `npm run bench` measures everything; `-- --only` and a name of parts.ts measures one part. `-- --write` keeps a whole run
 * in results/speed.json and docs/speed.md. `-- --render` writes docs/speed.md anew from what is kept, and measures nothing.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    render: { type: 'boolean', default: false },
    runs: { type: 'string', default: '40' },
    requests: { type: 'string', default: '300' },
    deliveries: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    logins: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '10,1000,100000' },
    'worker-jobs': { type: 'string', default: '300' },
    dashboards: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '5' },
  },
});

speakEnglish();
if (values.render) render(readSpeed());
else await measure();

async function measure(): Promise<void> {
  const names = chosen(values.only);
  if (values.write && values.only !== undefined) throw new Error('--write keeps a whole run: leave --only out');
  // What is measured is what was loaded by now.
  const commit = commitHere();
  const startedAt = performance.now();
  const tables: Table[] = [];
  for (const name of names) {
    const table = await PARTS[name](sizes());
    tables.push(table);
    console.log(`\n${aligned(cellsOf(table))}`);
  }
  const judged = judge(tables).filter(({ is }) => is !== null || values.only === undefined);
  if (judged.length > 0) console.log(`\n${aligned(limitCells(judged))}`);
  console.log(`\nThis took ${Math.round((performance.now() - startedAt) / 1_000)} s.`);
  if (values.write) keep(tables, commit);
  if (judged.some(({ verdict }) => verdict === 'over')) process.exitCode = 1;
}

function chosen(only: string | undefined): TableId[] {
  const all = Object.keys(PARTS) as TableId[];
  const named = all.filter((name) => only === undefined || name === only);
  if (named.length === 0) throw new Error(`there is no part ${only}; there are ${all.join(', ')}`);
  return named;
}

function sizes(): Sizes {
  return {
    runs: Number(values.runs),
    requests: Number(values.requests),
    deliveries: Number(values.deliveries),
    rounds: Number(values.rounds),
    logins: Number(values.logins),
    jobs: values.jobs.split(',').map(Number),
    workerJobs: Number(values['worker-jobs']),
    dashboards: Number(values.dashboards),
    seconds: Number(values.seconds),
  };
}
