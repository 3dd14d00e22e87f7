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
  commit: string;
  mutants: number;
  score: number;
  survivors: { at: string; replacement: string; reason: string | null }[];
}

export interface Material {
  facts: Facts;
  files: readonly TestFile[];
  /** Errors that no test is to blame for. */
  unhandled: number;
  /** What the machine of the run could not run, each as one sentence. */
  notRun: readonly string[];
  /** Every test file that there is, from the project's root. */
  known: readonly string[];
  requirements: readonly Requirement[];
  /** The modules that have a mutation score. */
  modules: readonly string[];
  mutations: readonly Mutation[];
  hashes: string;
}

/** What tests count. A figure that nothing counted was not run; it is not zero. */
const FIGURES = [
  'bits flipped in stored records',
  'inputs fuzzed',
  'kills after which a login was applied twice',
  'kills of the background',
  'kills that lost a login',
  'schedules played',
  'schedules that lost a login, applied one twice or showed what is not true',
  'secrets found',
  'secrets searched for',
  'sinks searched',
] as const;
export type Figure = (typeof FIGURES)[number];

const NOT_RUN = 'not run';
const ATTACKS = /\/(?:attacks|attack-table|hold-defence|provenance|neighbours)\.test\.ts$/;

/** The page as Markdown. What did not run is said to be missing, and never counted. */
export function page(all: Material): string {
  const { facts, files, requirements, hashes } = all;
  return [
    '# Report\n',
    table(['what', 'value'], facts),
    `\n${runSentence(all)}`,
    ...listed('Failed', failuresIn(all)),
    ...listed('Not run', missingFrom(all)),
    '\n## Figures\n',
    table(['figure', 'number'], [...attacks(files), ...figures(files)]),
    '\n## Requirements\n',
    table(
      ['id', 'holds', 'tests that name it', 'passed', 'failed', 'figures'],
      requirements.map((one) => requirementRow(one, files)),
    ),
    '\n## Mutation score\n',
    mutationTable(all),
    '\n## Hashes of the packages\n',
    hashes === '' ? 'Not run: `npm run release` makes them.' : `\`\`\`\n${hashes}\`\`\``,
    '',
  ].join('\n');
}

function runSentence({ files, known }: Material): string {
  const failed = files.reduce((sum, one) => sum + one.failed.length, 0);
  const counts = `${sum(files, 'passed')} tests passed, ${failed} failed, ${sum(files, 'skipped')} skipped`;
  return `${counts}, in ${pathsOf(files).size} of ${known.length} test files.`;
}

function failuresIn({ files, unhandled }: Material): string[] {
  const failed = files.flatMap((one) => one.failed.map((name) => `${one.project}: ${one.path}: ${name}`));
  return unhandled === 0 ? failed : [...failed, `${unhandled} errors outside of every test`];
}

/** What is missing of a whole run: of the machine, and of the files. */
function missingFrom({ files, notRun, known }: Material): string[] {
  const ran = pathsOf(files);
  return [...notRun, ...known.filter((path) => !ran.has(path))];
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`\n${title}:\n`, ...lines.map((line) => `- ${line}`)];
}

function pathsOf(files: readonly TestFile[]): Set<string> {
  return new Set(files.map(({ path }) => path));
}

/** Tests that attack, each of which passes where its attack does not succeed. */
function attacks(files: readonly TestFile[]): [string, string][] {
  const tried = files.filter(({ path }) => ATTACKS.test(path)).flatMap(({ tests }) => tests);
  if (tried.length === 0) return [['attacks tried', NOT_RUN]];
  const succeeded = tried.filter(({ passed }) => !passed).length;
  return [
    ['attacks tried', String(tried.length)],
    ['attacks that succeeded', String(succeeded)],
  ];
}

/** What tests counted, added up over files and browsers. */
export function figures(files: readonly TestFile[]): [string, string][] {
  const sums = sumsOf(files);
  return FIGURES.map((name) => [name, sums.get(name)?.toLocaleString('en') ?? NOT_RUN]);
}

function sumsOf(files: readonly TestFile[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const test of files.flatMap(({ tests }) => tests))
    for (const [name, number] of Object.entries(test.figures)) sums.set(name, (sums.get(name) ?? 0) + number);
  return sums;
}

/** Tests by their names; where an id stands in a file's comments alone, all of that file. */
function requirementRow({ id, holds, files: paths }: Requirement, all: readonly TestFile[]): string[] {
  const ofRow = all.filter(({ path }) => paths.includes(path));
  const named = all.flatMap(({ tests }) => tests).filter(({ name }) => name.includes(id));
  const seeing: OneTest[] = named.length > 0 ? named : ofRow.flatMap(({ tests }) => tests);
  const passed = seeing.filter((one) => one.passed).length;
  const where = `${seeing.length === 0 ? NOT_RUN : seeing.length} in ${paths.join(', ')}`;
  const counted = [...sumsOf(ofRow)].map(([name, number]) => `${number.toLocaleString('en')} ${name}`);
  return [id, holds, where, String(passed), String(seeing.length - passed), counted.join('; ')];
}

function mutationTable({ modules, mutations }: Material): string {
  const rows = modules.map((module) => {
    const one = mutations.find(({ name }) => name === module);
    return one
      ? [module, String(one.mutants), `${one.score.toFixed(1)} %`, one.commit]
      : [module, NOT_RUN, NOT_RUN, `\`npm run mutation -- ${module}\` measures it`];
  });
  const survivors = mutations.flatMap((one) =>
    one.survivors.map(({ at, replacement, reason }) => [
      at,
      `\`${replacement.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\``,
      reason ?? 'no test sees it',
    ]),
  );
  const scores = table(['module', 'mutants', 'seen', 'commit'], rows);
  return survivors.length === 0 ? scores : `${scores}\n\n${table(['survivor', 'change', 'reason'], survivors)}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function sum(files: readonly TestFile[], what: 'passed' | 'skipped'): number {
  return files.reduce((total, file) => total + file[what], 0);
}
