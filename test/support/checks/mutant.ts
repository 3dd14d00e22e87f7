import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'wxt';
import { BROWSER } from '../browsers/start-browser.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface Mutation {
  /** The file to break, from the project's root, and what to put in the place of a text that stands in it once. */
  file: string;
  from: string;
  to: string;
}

/** Builds this run's extension with one rule broken, beside the real build, and gives the folder. A test that passes on it tests nothing. */
export async function buildMutant(name: string, { file, from, to }: Mutation): Promise<string> {
  if (readFileSync(join(ROOT, file), 'utf8').split(from).length !== 2)
    throw new Error(`${file} does not hold exactly once: ${from}`);
  const outBaseDir = join(ROOT, '.output', 'mutants', name);
  await build({
    root: ROOT,
    browser: BROWSER === 'firefox' ? 'firefox' : 'chrome',
    outDir: outBaseDir,
    logger: {
      debug() {},
      log() {},
      info() {},
      warn() {},
      error: console.error,
      fatal: console.error,
      success() {},
      level: 0,
    },
    vite: () => ({
      plugins: [
        {
          name: 'mutation',
          enforce: 'pre',
          transform: (code: string, id: string) => (id.endsWith(file) ? code.replace(from, to) : undefined),
        },
      ],
    }),
  });
  return join(outBaseDir, BROWSER === 'firefox' ? 'firefox-mv3' : 'chrome-mv3');
}
