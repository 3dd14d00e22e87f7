import { randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { withVariable } from './line.ts';

export type Saved = 'saved' | 'unchanged' | 'refused' | 'failed';

/** Writes one variable into a `.env` file: whole or not at all, with the file's own mode; a new file is its owner's alone. */
export function saveVariable(path: string, name: string, value: string): Saved {
  try {
    const target = realPath(path);
    const before = target === null ? '' : readFileSync(target, 'utf8');
    const after = withVariable(before, name, value);
    if (after === null) return 'refused';
    if (after === before) return 'unchanged';
    replace(target ?? path, after);
    return 'saved';
  } catch {
    return 'failed';
  }
}

// A rename onto a symbolic link would take the link's place.
function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function replace(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    const present = statSync(path, { throwIfNoEntry: false });
    if (present !== undefined) chmodSync(draft, present.mode & 0o777);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    if (!isFixedInPlace(error)) throw error;
    writeFileSync(path, text, { flush: true });
  }
}

/** A bind-mounted file cannot be replaced, and its directory may not be ours to write: then only its content changes. */
function isFixedInPlace(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['EBUSY', 'EXDEV', 'EACCES', 'EPERM'].includes(String(error.code))
  );
}
