import { rest } from '../../support/backend/rest.ts';

const HOURS = 24;

/** Counted by the product's own plan over simulated hours: no browser is watched for that long. */
export function measureRest(): void {
  console.log('\nwakings an hour at rest, by the plan   accounts   wakings   checks of each   interval needs');
  for (const accounts of [1, 3, 10]) {
    const { wakings, asked } = rest(accounts, HOURS);
    const cells = [accounts, (wakings / HOURS).toFixed(1), ((asked[0]?.length ?? 0) / HOURS).toFixed(1), 12];
    const [count, woken, checks, need] = cells.map(String);
    console.log(
      `${''.padEnd(38)} ${count?.padStart(8)} ${woken?.padStart(9)} ${checks?.padStart(16)} ${need?.padStart(16)}`,
    );
  }
}
