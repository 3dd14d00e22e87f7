import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/requirements.md', 'utf8');
const rows = [...page.matchAll(/^\| ([A-Z]{3,4}-\d\d) \| .+ \| (.+) \|$/gm)];

it('docs/requirements.md has every requirement once', () => {
  const ids = rows.map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(80);
});

it('every requirement that code, tests or docs name is one of its rows', () => {
  const files = ['utils', 'components', 'entrypoints', 'backend/src', 'test', 'docs'];
  const named = execFileSync('git', [
    'grep',
    '-hoE',
    '\\b(CAP|MSG|NET|STO|LEAK|BCK|REL|ORD|CLK|UPD|STR)-[0-9]{2}\\b',
    '--',
    ...files,
  ]);
  const ids = new Set(rows.map(([, id]) => id));
  expect(
    named
      .toString()
      .trim()
      .split('\n')
      .filter((id) => !ids.has(id)),
  ).toEqual([]);
});

it.each(rows.map(([, id = '', files = '']) => [id, files] as const))(
  '%s is seen by a test that is there: %s',
  (_id, files) => {
    const paths = [...files.matchAll(/`([^`]+)`/g)].map(([, path]) => `test/${path}`);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  },
);
