import { describe, expect, it } from 'vitest';
import { figures, page } from '../../report/page.ts';
import type { OneTest, TestFile } from '../../results.ts';
import { counted } from '../../support/figures.ts';

const test = (name: string, passed = true, counts: Record<string, number> = {}): OneTest => ({
  name,
  passed,
  figures: counts,
});
const file = (path: string, tests: OneTest[], project = 'unit'): TestFile => ({
  project,
  path,
  tests,
  passed: tests.filter(({ passed }) => passed).length,
  skipped: 0,
  failed: tests.filter(({ passed }) => !passed).map(({ name }) => name),
  tookMs: 1,
});

const FILES = [
  file('test/a.test.ts', [test('a redirect (CAP-01) is refused', true, { 'inputs fuzzed': 20_000 })]),
  file('test/e2e/capture/attack-table.test.ts', [test('by a link'), test('by a form', false)], 'e2e-chromium'),
  file('test/e2e/capture/attack-table.test.ts', [test('by a link', true, { 'inputs fuzzed': 5 })], 'e2e-firefox'),
];
const MATERIAL = {
  facts: [['version', '0.1.0']] as const,
  files: FILES,
  unhandled: 0,
  notRun: ['everything in a real Firefox: there is none on this machine'],
  known: ['test/a.test.ts', 'test/b.test.ts', 'test/e2e/capture/attack-table.test.ts'],
  requirements: [
    { id: 'CAP-01', holds: 'a token counts', files: ['test/a.test.ts'] },
    { id: 'CAP-02', holds: 'in a comment alone', files: ['test/e2e/capture/attack-table.test.ts'] },
    { id: 'CAP-03', holds: 'never run', files: ['test/b.test.ts'] },
  ],
  modules: ['capture', 'replay'],
  mutations: [],
  hashes: '',
};

describe('the report', () => {
  it.each([
    '| version | 0.1.0 |',
    '3 tests passed, 1 failed, 0 skipped, in 2 of 3 test files.',
    'Failed:',
    '- e2e-chromium: test/e2e/capture/attack-table.test.ts: by a form',
    'Not run:',
    '- everything in a real Firefox: there is none on this machine',
    '- test/b.test.ts',
    '| attacks tried | 3 |',
    '| attacks that succeeded | 1 |',
    '| inputs fuzzed | 20,005 |',
    '| sinks searched | not run |',
    '| CAP-01 | a token counts | 1 in test/a.test.ts | 1 | 0 | 20,000 inputs fuzzed |',
    '| CAP-02 | in a comment alone | 3 in test/e2e/capture/attack-table.test.ts | 2 | 1 | 5 inputs fuzzed |',
    '| CAP-03 | never run | not run in test/b.test.ts | 0 | 0 |  |',
    '| replay | not run | not run | `npm run mutation -- replay` measures it |',
    'Not run: `npm run release` makes them.',
  ])('says %j', (line) => expect(page(MATERIAL).split('\n')).toContain(line));

  it('names neither failures nor gaps where there are none', () => {
    const text = page({ ...MATERIAL, files: FILES.slice(0, 1), notRun: [], known: ['test/a.test.ts'] });
    expect(text).not.toMatch(/^(Failed|Not run):$/m);
    expect(text).toContain('| attacks tried | not run |');
    expect(page({ ...MATERIAL, unhandled: 2 })).toContain('\n- 2 errors outside of every test\n');
  });

  it('names what no test sees, and why that is meant', () => {
    const survivors = [
      { at: 'a.ts:1:1', replacement: 'true ||\n b', reason: null },
      { at: 'a.ts:2:1', replacement: 'false', reason: 'the same' },
    ];
    const text = page({
      ...MATERIAL,
      mutations: [{ name: 'capture', commit: 'c0ffee', mutants: 20, score: 90, survivors }],
    });
    expect(text).toContain('| capture | 20 | 90.0 % | c0ffee |');
    expect(text).toContain('| a.ts:1:1 | `true \\|\\| b` | no test sees it |');
    expect(text).toContain('| a.ts:2:1 | `false` | the same |');
  });

  it('adds up what tests counted, whichever file they are in', () =>
    expect(figures(FILES)).toContainEqual(['inputs fuzzed', '20,005']));
});

it('a test that counts hands its figure on', ({ task: { meta } }) => {
  counted('inputs fuzzed', 1);
  expect(meta.figures).toEqual({ 'inputs fuzzed': 1 });
  // It is no figure of the product.
  meta.figures = {};
});
