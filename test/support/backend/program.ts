import { accessSync, constants } from 'node:fs';

/** The first of these paths at which a program can be run, or null. */
export function findProgram(...paths: (string | undefined)[]): string | null {
  return paths.find((path) => path !== undefined && path !== '' && canRun(path)) ?? null;
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
