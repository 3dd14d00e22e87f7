import type { Figure, Table } from './speed.ts';

/** A table as text: heads, then a line for each row. A spread is its median with both quartiles. */
export function cellsOf({ basis, columns, rows }: Table): string[][] {
  const heads = [basis, ...columns.map(({ name }) => name)];
  return [
    heads,
    ...rows.map(({ name, figures }) => [name, ...figures.map((one, at) => cell(one, columns[at]?.digits ?? 0))]),
  ];
}

function cell(figure: Figure, digits: number): string {
  if (figure === null) return '–';
  if (typeof figure === 'number') return fixed(figure, digits);
  const { median, low, high } = figure;
  return `${fixed(median, digits)} (${fixed(low, digits)}–${fixed(high, digits)})`;
}

export function fixed(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** For a terminal: the first column to the left, numbers to the right. */
export function aligned(lines: readonly string[][]): string {
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line.map((one, at) => (at === 0 ? one.padEnd(widths[0] ?? 0) : one.padStart(widths[at] ?? 0))).join('  '),
    )
    .join('\n');
}
