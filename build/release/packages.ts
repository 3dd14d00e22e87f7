import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

/** What a build must not depend on: where it lies, whose rights its files have, the zone and the language of the machine. */
const VARIATIONS = [
  { folder: 'one', umask: '022', env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' } },
  { folder: 'another folder', umask: '077', env: { TZ: 'Asia/Kolkata', LC_ALL: 'C' } },
] as const;

export const STORES = ['chrome', 'edge', 'firefox'] as const;

/** A file of a release, by its name. */
export type Packages = ReadonlyMap<string, Buffer>;

/** Builds the commit twice, in two folders, under different circumstances. Throws the names of the files that differ. */
export function buildTwice(root: string, commit: string): Packages {
  const space = mkdtempSync(join(tmpdir(), 'opening-bell-release-'));
  try {
    const [first, second] = VARIATIONS.map((one) => build(root, commit, join(space, one.folder), one));
    if (!first || !second) throw new Error('there is nothing to compare');
    const names = [...new Set([...first.keys(), ...second.keys()])];
    const differing = names.filter((name) => hash(first.get(name)) !== hash(second.get(name)));
    if (differing.length > 0) throw new Error(`two builds of ${commit} differ in ${differing.join(', ')}`);
    return first;
  } finally {
    rmSync(space, { recursive: true, force: true });
  }
}

/** The SHA-256 of a file, in hexadecimal digits. */
export function hash(file: Buffer | undefined): string {
  return file === undefined ? 'missing' : createHash('sha256').update(file).digest('hex');
}

function build(root: string, commit: string, folder: string, { umask, env }: (typeof VARIATIONS)[number]): Packages {
  mkdirSync(folder, { recursive: true });
  const options = { cwd: folder, env: { ...process.env, ...env } };
  const within = (command: string) => run('sh', ['-c', `umask ${umask} && ${command}`], options);
  // What git tracks and nothing else: a key that lies beside the sources is never packed.
  const sources = run('git', ['rev-parse', '--show-toplevel'], { cwd: root }).trim();
  within(`git -C '${sources}' archive --format=tar ${commit} | tar -xf -`);
  within('npm ci --no-audit --no-fund --loglevel=error');
  for (const store of STORES) within(`./node_modules/.bin/wxt zip -b ${store}`);
  const output = join(folder, '.output');
  const zips = readdirSync(output).filter((name) => STORES.some((store) => name.endsWith(`-${store}.zip`)));
  return new Map([
    ...zips.map((name): [string, Buffer] => [name, readFileSync(join(output, name))]),
    [`sources-${commit.slice(0, 12)}.zip`, archive(sources, commit, env)],
  ]);
}

function archive(sources: string, commit: string, env: Record<string, string>): Buffer {
  const file = join(mkdtempSync(join(tmpdir(), 'opening-bell-sources-')), 'sources.zip');
  // The format keeps local times, so the zone is always the same.
  run('git', ['-C', sources, 'archive', '--format=zip', '-9', '-o', file, commit], {
    env: { ...process.env, ...env, TZ: 'UTC' },
  });
  const packed = readFileSync(file);
  rmSync(join(file, '..'), { recursive: true, force: true });
  return packed;
}
