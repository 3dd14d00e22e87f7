import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { commitHere } from '../report/commit.ts';
import { MODULES, type ModuleName } from './modules.ts';
import { MEANT } from './survivors.ts';

/** Breaks each module in every small way and runs its tests: those that stay green do not see that way. */
const ROOT = join(import.meta.dirname, '../..');
const OUTPUT = join(ROOT, '.output/mutation');
const LEAST_SCORE = 90;

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

const asked = process.argv.slice(2);
const names = Object.keys(MODULES).filter((name): name is ModuleName => asked.length === 0 || asked.includes(name));
if (names.length === 0 || asked.some((name) => !(name in MODULES))) {
  console.error(`Usage: npm run mutation [-- ${Object.keys(MODULES).join('|')} …]`);
  process.exit(2);
}

mkdirSync(OUTPUT, { recursive: true });
let isGood = true;
for (const name of names) {
  process.env.MUTATED = name;
  const result = resultOf(await mutate(name));
  writeFileSync(join(OUTPUT, `${name}.json`), JSON.stringify({ name, commit: commitHere(), ...result }));
  console.log(`${name}: ${result.score.toFixed(1)} % of ${result.mutants} mutants were seen`);
  for (const { at, replacement, reason } of result.survivors)
    console.log(`  ${at}: ${replacement.replaceAll(/\s+/g, ' ')}: ${reason ?? 'no test sees it'}`);
  isGood &&= result.score >= LEAST_SCORE && result.survivors.every(({ reason }) => reason !== null);
}
process.exitCode = isGood ? 0 : 1;

function mutate(name: ModuleName): Promise<Mutant[]> {
  return new Stryker({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate: [...MODULES[name].mutate],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    // A mutant that hangs is seen; one that a busy machine runs slowly is not.
    timeoutMS: 30_000,
    concurrency: 1,
    tempDirName: '.output/mutation/sandbox',
    ignorePatterns: ['/.output', '/test/gallery/pictures'],
    // 2026-11: Stryker rewrites a tsconfig.json by an interface that TypeScript 7 has no more; a name that is not there stops it.
    tsconfigFile: 'none',
    reporters: ['dots'],
    warnings: false,
  }).runMutationTest();
}

function resultOf(all: readonly Mutant[]) {
  const counted = all.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status));
  const survivors = counted
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ fileName, location, replacement }) => {
      const file = relative(ROOT, fileName);
      const code = lineOf(fileName, location.start);
      const meant = MEANT.find((one) => one.file === file && one.code === code && one.replacement === replacement);
      return {
        at: `${file}:${location.start.line}:${location.start.column}`,
        code,
        replacement: replacement ?? '',
        reason: meant?.reason ?? null,
      };
    });
  const score = counted.length === 0 ? 0 : 100 - (100 * survivors.length) / counted.length;
  return { mutants: counted.length, score, survivors };
}

/** The line of a mutant, marked where it begins. */
function lineOf(path: string, { line, column }: { line: number; column: number }): string {
  const text = readFileSync(path, 'utf8').split('\n')[line - 1] ?? '';
  return `${text.slice(0, column - 1)}⟦${text.slice(column - 1)}`.trim();
}
