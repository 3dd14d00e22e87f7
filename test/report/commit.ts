import { spawnSync } from 'node:child_process';

/** The commit that is checked out, with a word where files differ from it. */
export function commitHere(): string {
  const changed = printed('git', ['status', '--porcelain']);
  const commit = printed('git', ['rev-parse', '--short=12', 'HEAD']);
  return changed === '' ? commit : `${commit}, with changes that are not committed`;
}

/** The first words of a program, such as its version. */
export function printed(program: string | null, args: string[]): string {
  if (program === null) return 'none here';
  const { stdout, status } = spawnSync(program, args, { cwd: import.meta.dirname, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'unknown';
}
