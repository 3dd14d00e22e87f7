import { rest } from '../../support/backend/rest.ts';
import type { Table } from '../results/speed.ts';

const HOURS = 24;
/** A check each five minutes. */
const NEEDED_AN_HOUR = 12;

/** Counted by the product's own plan over simulated hours: no browser is watched for that long. */
export function measureRest(): Table {
  return {
    id: 'rest',
    basis: `${HOURS} simulated hours at rest`,
    columns: [
      { name: 'wakings an hour', digits: 1 },
      { name: 'checks of each an hour', digits: 1 },
      { name: 'needed by the interval', digits: 0 },
    ],
    rows: [1, 3, 10].map((accounts) => {
      const { wakings, asked } = rest(accounts, HOURS);
      const figures = [wakings / HOURS, (asked[0]?.length ?? 0) / HOURS, NEEDED_AN_HOUR];
      return { name: `${accounts} ${accounts === 1 ? 'account' : 'accounts'}`, figures };
    }),
  };
}
