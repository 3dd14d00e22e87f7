import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

/** What each line is, whatever its language. A point goes over several lines; the link to the translation is left out. */
function shapeOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const lines = text
    .replaceAll(/\n {2,}/g, ' ')
    .replace(/^\[.+\]\(.+\)\n\n/m, '')
    .split('\n');
  return lines.map((line) => {
    if (line.startsWith('|')) return `row of ${line.split('|').length - 2}`;
    if (line.startsWith('- ')) return 'point';
    if (line.startsWith('#')) return 'heading';
    return line === '' ? '' : 'text';
  });
}

it('PRIVACY.hi.md has every row and every point of PRIVACY.md', () => {
  expect(shapeOf('PRIVACY.hi.md')).toEqual(shapeOf('PRIVACY.md'));
  expect(shapeOf('PRIVACY.md')).toEqual(expect.arrayContaining(['row of 4', 'point', 'text']));
});
