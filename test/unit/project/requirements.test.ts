import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const page = readFileSync('docs/requirements.md', 'utf8');
const ID = /\b(?:CAP|MSG|NET|STO|LEAK|BCK|REL|ORD|CLK|UPD|STR)-\d\d\b/g;
const rows = [...page.matchAll(/^\| ([A-Z]{3,4}-\d\d) \| .+ \| (.+) \|$/gm)];

it('docs/requirements.md has every requirement once', () => {
  const ids = rows.map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(80);
});

it('every requirement that code, tests or docs name is one of its rows', () => {
  const named = ['utils', 'components', 'entrypoints', 'backend/src', 'test', 'docs'].flatMap(idsIn);
  expect(named.length).toBeGreaterThan(80);
  const ids = new Set(rows.map(([, id]) => id));
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});

it.each(rows.map(([, id = '', files = '']) => [id, files] as const))(
  '%s is seen by a test that is there, and that names it: %s',
  (id, files) => {
    const paths = [...files.matchAll(/`([^`]+)`/g)].map(([, path]) => `test/${path}`);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    expect(paths.some((path) => readFileSync(path, 'utf8').includes(id))).toBe(true);
  },
);

function idsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|md)$/.test(entry.name))
    .flatMap(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8').match(ID) ?? []);
}
