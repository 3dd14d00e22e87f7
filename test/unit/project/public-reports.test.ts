import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/public-reports.md'), 'utf8');

/** The rows of a section's table: source, input, right value, test. */
function rowsOf(heading: string): string[][] {
  const section = PAGE.split(/^## /m).find((one) => one.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const found = rowsOf('Found');
const all = [...rowsOf('Reported'), ...found];

describe('docs/public-reports.md', () => {
  it('has at least forty rows, ten of them found in public trackers and manuals', () => {
    expect(all.length).toBeGreaterThanOrEqual(40);
    expect(found.length).toBeGreaterThanOrEqual(10);
    for (const [source] of found) expect(source).toMatch(/\]\(https:\/\//);
  });

  it.each(all)('%s: %s', (_source, input, right, test) => {
    const path = /`(test\/[^`]+)`/.exec(test ?? '')?.[1] ?? '';
    expect(existsSync(join(ROOT, path)), path).toBe(true);
    expect(right).not.toBe('');
    // What a row says was tried stands in its test, word for word.
    const tried = /``?\s?(.+?)\s?``?$/.exec(input ?? '')?.[1]?.replaceAll('\\|', '|') ?? '';
    expect(tried).not.toBe('');
    expect(readFileSync(join(ROOT, path), 'utf8').includes(tried), `${path} holds ${tried}`).toBe(true);
  });
});
