import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { KITS, type Kit } from './kits.ts';

/** Where Linux, pyenv, nvm and GitHub's machines keep the versions of a language. */
const CACHE = process.env.RUNNER_TOOL_CACHE ?? '/opt/hostedtoolcache';
const PLACES = {
  Python: [
    '/usr/bin/python3.*',
    '/usr/local/bin/python3.*',
    `${homedir()}/.pyenv/versions/3.*/bin/python3`,
    `${CACHE}/Python/3.*/x64/bin/python3`,
  ],
  Node: [
    process.execPath,
    '/usr/bin/node',
    '/usr/local/bin/node',
    `${homedir()}/.nvm/versions/node/*/bin/node`,
    `${CACHE}/node/*/x64/bin/node`,
  ],
};
export type Language = keyof typeof PLACES;

interface Version {
  language: Language;
  /** As `3.9.18`. */
  number: string;
  program: string;
}

/** The versions of a language on this machine that its kit is for, each once, oldest first. */
export function versionsOf(language: Language, oldest: string): Version[] {
  const found = new Map<string, string>();
  for (const program of [process.env[language.toUpperCase()] ?? '', ...globSync(PLACES[language])])
    if (existsSync(program) && !program.endsWith('-config')) found.set(numberOf(program), program);
  return [...found]
    .map(([number, program]) => ({ language, number, program }))
    .filter(({ number }) => compare(number, oldest) >= 0)
    .toSorted((a, b) => compare(a.number, b.number));
}

function numberOf(program: string): string {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(said)?.[0] ?? '0.0.0';
}

const compare = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

/** The kit of a language, as this version runs it. */
export function kitOn({ language, program }: Version): Kit {
  const kit = KITS.find(({ peer }) => peer.name === language);
  if (!kit) throw new Error(`there is no kit for ${language}`);
  const run = (port: number): [string, ...string[]] => [program, ...kit.peer.run(port).slice(1)];
  return { ...kit, program, peer: { ...kit.peer, run } };
}
