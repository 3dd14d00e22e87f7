import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig, setOnly } from './config.ts';
import { type Entry, linesOf, nameIn, parseDotEnv } from './dot-env/parse.ts';
import { QUOTE_IT } from './dot-env/value.ts';
import { unlisted, variablesIn } from './named-accounts.ts';
import type { Checked, ToldProblem } from './problems.ts';
import type { Environment } from './settings.ts';
import { slips } from './slips.ts';

export interface Given {
  /** The variables of the process and, below them, those of `.env`. An empty one counts as not set. */
  env: Environment;
  config: Checked<Config>;
  /** What is wrong with the file itself. */
  problems: ToldProblem[];
  /** Sentences on what is passed over, or read otherwise by others. They stop nothing. */
  notes: string[];
}

/** Reads the configuration as every command of this backend does. */
export function readGiven(ofProcess: Environment, directory: string): Given {
  const over = setOnly(ofProcess);
  const file = readDotEnv(join(directory, '.env'), over);
  const env = { ...setOnly(file.values), ...over };
  // What stands in the process is what counts.
  const problems = file.problems.filter(({ field }) => over[field] === undefined);
  const named = slips(env).filter(({ problem }) => problem === undefined);
  const passedOver = named.map(({ name, meant }) => `${name} is passed over: did you mean ${meant}?`);
  const notes = [...file.notes, ...passedOver, ...unlisted(env)];
  return { env, config: readConfig(env, problems), problems, notes };
}

interface File {
  values: Environment;
  problems: ToldProblem[];
  notes: string[];
}

function readDotEnv(path: string, over: Environment): File {
  try {
    return fileOf(readFileSync(path), over);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT') return { values: {}, problems: [], notes: [] };
    return { values: {}, problems: [{ field: path, message: `cannot be read (${code})` }], notes: [] };
  }
}

function fileOf(bytes: Buffer, over: Environment): File {
  if (bytes.includes(0))
    return { values: {}, problems: [{ field: '.env', message: 'is no UTF-8: save it as UTF-8' }], notes: [] };
  const text = bytes.toString('utf8');
  const { entries, strays } = parseDotEnv(text);
  const values = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
  const known = new Set(variablesIn({ ...setOnly(values), ...over }));
  const ours = entries.filter(({ name }) => known.has(name));
  return {
    values,
    problems: [...ours.filter(isLast).flatMap(problemOf), ...entries.flatMap((entry) => swallowed(entry, known))],
    notes: [
      ...notesOnFile(text),
      ...strays.map((line) => strayNote(line, text, known)),
      ...ours.filter(isLast).flatMap(noteOf),
      ...twice(ours),
    ],
  };
}

function isLast({ name, line }: Entry, _at: number, entries: readonly Entry[]): boolean {
  return entries.findLast((one) => one.name === name)?.line === line;
}

function problemOf({ name, line, doubts }: Entry): ToldProblem[] {
  const doubt = doubts.find(({ kind }) => kind === 'differs');
  return doubt === undefined ? [] : [{ field: name, message: `in line ${line} of .env: ${doubt.words}` }];
}

/** The lines of ours that stand inside the quotes of another variable. */
function swallowed({ name, line, value }: Entry, known: ReadonlySet<string>): ToldProblem[] {
  const inside = value
    .split('\n')
    .slice(1)
    .flatMap((text) => nameIn(text) ?? []);
  const lost = inside.filter((field) => known.has(field));
  // The variable whose quotes were left open is as wrong as those that it took in, and may be of another account.
  const open = { field: name, message: `in line ${line} of .env: its quotes hold other variables: close them` };
  return [
    ...lost.map((field) => ({
      field,
      message: `stands inside the quotes of ${name}, which begin in line ${line} of .env`,
    })),
    ...(lost.length > 0 && known.has(name) ? [open] : []),
  ];
}

function noteOf({ name, line, doubts }: Entry): string[] {
  return doubts.flatMap(({ kind, words }) => {
    if (kind === 'shell') return `.env, line ${line}: a shell would read ${name} otherwise: ${words}`;
    const mayBelong = kind === 'cut' && SECRET.test(name);
    return mayBelong ? `.env, line ${line}: ${words} in ${name}: where that belongs to it, ${QUOTE_IT}` : [];
  });
}

// Keys of ICICI end in blanks and hold #.
const SECRET = /_(?:API_KEY|API_SECRET|PASSWORD)$/;

function twice(ours: readonly Entry[]): string[] {
  return ours
    .filter((entry, at, all) => !isLast(entry, at, all))
    .map(({ name, line }) => `.env, line ${line}: ${name} comes once more below, and the last one counts`);
}

/** A line that nobody reads, with the variable of ours that it was to set: `set PORT=1`, `- PORT=1`, `$env:PORT = "1"`. */
function strayNote(line: number, text: string, known: ReadonlySet<string>): string {
  const note = `.env, line ${line} is neither a variable nor a comment, and is passed over`;
  const words = linesOf(text)[line - 1]?.match(/\w+/g) ?? [];
  const named = words.find((word) => known.has(word));
  return named === undefined ? note : `${note}: write ${named}= at its beginning`;
}

function notesOnFile(text: string): string[] {
  return [
    ...(text.startsWith('\ufeff')
      ? ['.env begins with a byte order mark, which other readers take as part of the first name']
      : []),
    ...(text.includes('\r') ? ['.env has the line ends of Windows, which a shell takes as part of each value'] : []),
  ];
}
