import type { OneTest, TestFile } from '../results.ts';

export interface Requirement {
  id: string;
  holds: string;
  files: string[];
}

/** What was run, by whom and on what. */
export type Facts = readonly (readonly [what: string, value: string])[];

export interface Mutation {
  name: string;
  mutants: number;
  score: number;
  survivors: { at: string; replacement: string; reason: string | null }[];
}

export interface Material {
  facts: Facts;
  files: readonly TestFile[];
  /** Every test file that there is, from the project's root. */
  known: readonly string[];
  requirements: readonly Requirement[];
  mutations: readonly Mutation[];
  hashes: string;
}

const ATTACKS = /\/(?:attacks|attack-table|hold-defence|provenance|neighbours)\.test\.ts$/;

/** The page as Markdown. What did not run is said to be missing, and never counted. */
export function page({ facts, files, known, requirements, mutations, hashes }: Material): string {
  const ran = new Set(files.map(({ path }) => path));
  const missing = known.filter((path) => !ran.has(path));
  return [
    '# Report\n',
    table(['what', 'value'], facts),
    `\n${sum(files, 'passed')} tests passed, ${files.reduce((all, { failed }) => all + failed.length, 0)} failed, ${sum(files, 'skipped')} skipped, in ${ran.size} of ${known.length} test files.`,
    ...(missing.length > 0 ? [`\nNot in this run: ${missing.join(', ')}.`] : []),
    '\n## Figures\n',
    table(['figure', 'number'], [...attacks(files), ...figures(files)]),
    '\n## Requirements\n',
    table(
      ['id', 'holds', 'tests that name it', 'passed', 'failed'],
      requirements.map((one) => requirementRow(one, files)),
    ),
    '\n## Mutation score\n',
    mutations.length === 0 ? 'Not measured: `npm run mutation` does.' : mutationTable(mutations),
    '\n## Hashes of the packages\n',
    hashes === '' ? 'Not made: `npm run release` does.' : `\`\`\`\n${hashes}\`\`\``,
    '',
  ].join('\n');
}

/** Tests that attack, each of which passes where its attack does not succeed. */
function attacks(files: readonly TestFile[]): [string, string][] {
  const tried = files.filter(({ path }) => ATTACKS.test(path)).flatMap(({ tests }) => tests);
  const succeeded = tried.filter(({ passed }) => !passed).length;
  return [
    ['attacks tried', String(tried.length)],
    ['attacks that succeeded', String(succeeded)],
  ];
}

/** What tests counted, added up over files and browsers. */
export function figures(files: readonly TestFile[]): [string, string][] {
  const sums = new Map<string, number>();
  for (const test of files.flatMap(({ tests }) => tests))
    for (const [name, number] of Object.entries(test.figures)) sums.set(name, (sums.get(name) ?? 0) + number);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, number]) => [name, number.toLocaleString('en')]);
}

/** Tests by their names; where an id stands in a file's comments alone, all of that file. */
function requirementRow({ id, holds, files: paths }: Requirement, all: readonly TestFile[]): string[] {
  const ofRow = all.filter(({ path }) => paths.includes(path));
  const named = all.flatMap(({ tests }) => tests).filter(({ name }) => name.includes(id));
  const seeing: OneTest[] = named.length > 0 ? named : ofRow.flatMap(({ tests }) => tests);
  const passed = seeing.filter((one) => one.passed).length;
  const where = seeing.length === 0 ? 'did not run' : `${seeing.length} in ${paths.join(', ')}`;
  return [id, holds, where, String(passed), String(seeing.length - passed)];
}

function mutationTable(mutations: readonly Mutation[]): string {
  const rows = mutations.map(({ name, mutants, score }) => [name, String(mutants), `${score.toFixed(1)} %`]);
  const survivors = mutations.flatMap((one) =>
    one.survivors.map(({ at, replacement, reason }) => [
      at,
      `\`${replacement.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\``,
      reason ?? 'no test sees it',
    ]),
  );
  const scores = table(['module', 'mutants', 'seen'], rows);
  return survivors.length === 0 ? scores : `${scores}\n\n${table(['survivor', 'change', 'reason'], survivors)}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function sum(files: readonly TestFile[], what: 'passed' | 'skipped'): number {
  return files.reduce((total, file) => total + file[what], 0);
}
