import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aligned, cellsOf } from '../../bench/results/cells.ts';
import { judge, type Limit } from '../../bench/results/limits.ts';
import { page } from '../../bench/results/page.ts';
import type { Figure, Speed, Table } from '../../bench/results/speed.ts';
import { spreadOf, timesOf } from '../../bench/results/spread.ts';
import { takeTurns } from '../../bench/turns.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const PAGE = read('docs/speed.md');
const kept = JSON.parse(read('test/bench/results/speed.json')) as Speed;

describe('docs/speed.md', () => {
  it('is what the kept figures give; `npm run bench -- --render` writes it anew', () => {
    expect(PAGE).toBe(page(kept));
  });

  it('has a figure for every limit, and none is over', () => {
    const verdicts = judge(kept.tables).map(({ verdict }) => verdict);
    expect(verdicts.length).toBeGreaterThan(5);
    expect(verdicts.filter((one) => one !== 'met' && one !== 'held')).toEqual([]);
  });

  it('names machine, versions and date', () => {
    for (const said of [kept.date, kept.commit, ...kept.machine.flat(), ...kept.versions.flat()])
      expect(PAGE).toContain(said);
  });
});

describe('a limit', () => {
  it.each<[Figure, string]>([
    [1.5, 'met'],
    [{ median: 1.4, low: 1, high: 9 }, 'met'],
    [1.6, 'held'],
    [3, 'held'],
    [3.1, 'over'],
    [{ median: 4, low: 1, high: 5 }, 'over'],
    [Number.NaN, 'over'],
    [null, 'not measured'],
  ])('of 3 with the aim 1.5, where %j was measured, is %s', (figure, verdict) => {
    expect(judge([table([figure])], [LIMIT])[0]?.verdict).toBe(verdict);
  });

  it('is not measured where there is no such row, column or table', () => {
    const others = [{ row: 'b' }, { column: 'other' }, { table: 'rest' }] as const;
    for (const other of others) expect(judge([table([1])], [{ ...LIMIT, ...other }])[0]?.verdict).toBe('not measured');
  });
});

describe('measurements', () => {
  it('are told by their median and quartiles', () => {
    expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
  });

  it('are compared within a turn, so that a slow turn changes no ratio', () => {
    expect(timesOf([2, 20, 200], [1, 10, 100])).toEqual({ median: 2, low: 2, high: 2 });
  });

  it('are taken in turns; each round begins with another, and the first one warms up', async () => {
    const order: string[] = [];
    const entrant = (name: string) => ({ name, turn: async () => order.push(name) });
    const measured = await takeTurns(['a', 'b', 'c'].map(entrant), 2);
    expect(order.join('')).toBe('abcbcacab');
    expect([...measured]).toEqual([
      ['a', [6, 8]],
      ['b', [4, 9]],
      ['c', [5, 7]],
    ]);
  });
});

describe('a table', () => {
  it('shows a spread, a number and what was not measured', () => {
    const cells = cellsOf(table([{ median: 1_234.56, low: 1, high: 2 }, 7, null]));
    expect(cells).toEqual([
      ['3 turns', 'ms', 'ms', 'ms'],
      ['a', '1,234.6 (1.0–2.0)', '7.0', '–'],
    ]);
    expect(
      aligned([
        ['a', 'bbb'],
        ['cc', 'd'],
      ]),
    ).toBe('a   bbb\ncc    d');
  });
});

const LIMIT: Limit = { table: 'way', row: 'a', column: 'ms', most: 3, aim: 1.5 };

function table(figures: Figure[]): Table {
  const columns = figures.map(() => ({ name: 'ms', digits: 1 }));
  return { id: 'way', basis: '3 turns', columns, rows: [{ name: 'a', figures }] };
}
