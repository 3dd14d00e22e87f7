import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Throws a sentence where no file of SAVE_TOKEN_TO_ENV could be written: a person would notice it only days later. */
export function checkSavePlace(path: string | null): void {
  if (path === null) return;
  const file = resolve(path);
  const problem = problemOf(file);
  if (problem !== null) throw new Error(`SAVE_TOKEN_TO_ENV: ${file} cannot be written, ${problem}`);
}

function problemOf(file: string): string | null {
  const present = statSync(file, { throwIfNoEntry: false });
  if (present !== undefined && !present.isFile()) return 'since it is no file';
  const folder = dirname(file);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return `since ${folder} is no folder`;
  try {
    accessSync(present === undefined ? folder : file, constants.W_OK);
    return null;
  } catch {
    return 'since this user may not write there';
  }
}
