import { join } from 'node:path';
import { run } from './run.ts';

interface Finding {
  code: string;
  message: string;
  file?: string;
}

/** Warnings of Mozilla's linter that are meant, with the reason. */
export const MEANT: Readonly<Record<string, string>> = {
  UNSAFE_VAR_ASSIGNMENT:
    'Preact’s own renderer assigns innerHTML for dangerouslySetInnerHTML; no view of ours uses it, and the content security policy forbids inline scripts.',
};

/** What Mozilla's linter finds in a package: every error, and each warning that has no reason in {@link MEANT}. */
export function lint(root: string, zip: string): { errors: Finding[]; unmeant: Finding[]; warnings: number } {
  const linter = join(root, 'build/release/linter');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: linter });
  const output = run('sh', ['-c', `./node_modules/.bin/addons-linter --output json '${zip}' || true`], { cwd: linter });
  const { errors, warnings } = JSON.parse(output) as { errors: Finding[]; warnings: Finding[] };
  return { errors, warnings: warnings.length, unmeant: warnings.filter(({ code }) => !(code in MEANT)) };
}
