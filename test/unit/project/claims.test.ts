import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proseOf } from '../../support/checks/prose.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const sections = new Map(
  read('store/claims.md')
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), rowsOf(section)]),
);

describe('store/claims.md', () => {
  it.each(['README.md', 'store/listing.en.md', 'store/listing.hi.md'])(
    'has a row for every sentence of %s, and none for another',
    (path) => {
      const rows = sections.get(path) ?? [];
      expect(rows.length).toBeGreaterThan(30);
      expect(rows.map(([sentence]) => sentence)).toEqual([...new Set(proseOf(read(path)))]);
    },
  );

  it('names for each row only what is there', () => {
    const missing = [...sections.values()].flat().flatMap(([sentence, shown]) =>
      proofsIn(shown)
        .filter((proof) => !isThere(proof))
        .map((proof) => `${sentence} ${proof}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(['', `CAP-${99}`, '`test/unit/none.test.ts`', '`npm run nothing`', '[page](none.md)', 'surely'])(
    'takes no %j for a proof',
    (shown) => expect(proofsIn(shown).every(isThere)).toBe(false),
  );
});

function rowsOf(section: string): [sentence: string, shown: string][] {
  return [...section.matchAll(/^\| (?!sentence \|)(.+) \| (.+) \|$/gm)].map(([, sentence = '', shown = '']) => [
    sentence,
    shown,
  ]);
}

function proofsIn(shown: string): string[] {
  return shown.split(/[,;] /);
}

/** A requirement, a test or another file, a command, a source, or the word that the sentence states no fact. */
function isThere(proof: string): boolean {
  if (['question', 'advice'].includes(proof) || /^\[.+\]\(https:\/\/.+\)$/.test(proof)) return true;
  if (/^[A-Z]{3,4}-\d\d$/.test(proof)) return read('docs/requirements.md').includes(`\n| ${proof} |`);
  const [, page] = /^\[.+\]\((.+)\)$/.exec(proof) ?? [];
  if (page !== undefined) return existsSync(join(ROOT, 'store', page));
  const [, named = ''] = /^`(.+)`$/.exec(proof) ?? [];
  const [, script] = /^npm (?:run )?([\w:-]+)/.exec(named) ?? [];
  return script !== undefined ? script in scripts : named !== '' && existsSync(join(ROOT, named));
}
