import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineFacts, versionFacts } from './results/machine.ts';
import { page } from './results/page.ts';
import type { Speed, Table } from './results/speed.ts';

const RESULTS = join(import.meta.dirname, 'results/speed.json');
const PAGE = join(import.meta.dirname, '../../docs/speed.md');

/** Keeps a whole run of a commit, and writes the page of it. */
export function keep(tables: Table[], commit: string): void {
  const speed: Speed = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    machine: machineFacts(),
    versions: versionFacts(),
    tables: tables.map(rounded),
  };
  writeFileSync(RESULTS, `${JSON.stringify(speed, null, 2)}\n`);
  render(speed);
}

export function readSpeed(): Speed {
  return JSON.parse(readFileSync(RESULTS, 'utf8')) as Speed;
}

export function render(speed: Speed): void {
  writeFileSync(PAGE, page(speed));
}

/** To a thousandth: the rest is noise. */
function rounded(table: Table): Table {
  const thousandth = (_key: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
  return JSON.parse(JSON.stringify(table, thousandth)) as Table;
}
