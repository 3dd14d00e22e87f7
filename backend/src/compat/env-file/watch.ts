import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { SECOND } from '../../../../utils/shared/time.ts';
import { valuesOf } from '../../config/dot-env/parse.ts';

const SETTLED_MS = 150;
const LOOK_MS = 5 * SECOND;

export interface Watch {
  /** The values at the beginning. */
  first: Record<string, string | undefined>;
  end(): void;
}

/** Tells each new value of some variables of a `.env` file, whatever writes it. Null: there is no file to watch. */
export function watchVariables(
  path: string | null,
  names: readonly string[],
  changed: (name: string, value: string) => void,
): Watch {
  if (path === null) return { first: {}, end: () => {} };
  const first = variables(path);
  const known = new Map(names.map((name) => [name, first[name] ?? '']));
  const look = () => {
    const found = variables(path);
    for (const name of names) {
      const value = found[name] ?? '';
      // While an editor writes in place the file is empty for a moment: what is gone is no news.
      if (value === '' || known.get(name) === value) continue;
      known.set(name, value);
      changed(name, value);
    }
  };

  let timer: NodeJS.Timeout | undefined;
  const soon = (_event: string, file: string | null) => {
    if (file !== null && file !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED_MS);
  };
  // A watch on the file itself goes deaf once an editor puts another file in its place.
  const watcher = watching(dirname(resolve(path)), soon);
  // Some file systems and links report nothing.
  const looking = setInterval(look, LOOK_MS).unref();
  return {
    first,
    end() {
      clearTimeout(timer);
      clearInterval(looking);
      watcher?.close();
    },
  };
}

function watching(directory: string, heard: (event: string, file: string | null) => void): FSWatcher | null {
  try {
    return watch(directory, heard).on('error', () => {});
  } catch {
    return null;
  }
}

function variables(path: string): Record<string, string | undefined> {
  try {
    return valuesOf(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}
