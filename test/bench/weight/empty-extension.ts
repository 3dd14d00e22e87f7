import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'wxt';

const SOURCES = join(import.meta.dirname, 'empty');
// Inside the project, so that WXT and Preact are found.
const ROOT = join(import.meta.dirname, '../../../.output/empty-extension');

/** The built folder of an extension by WXT and Preact with an empty background and a popup of one word. */
export async function buildEmptyExtension(): Promise<string> {
  rmSync(ROOT, { recursive: true, force: true });
  mkdirSync(ROOT, { recursive: true });
  cpSync(SOURCES, ROOT, { recursive: true });
  await build({
    root: ROOT,
    configFile: false,
    imports: false,
    manifestVersion: 3,
    browser: 'chrome',
    manifest: { name: 'Empty', version: '1.0' },
    logger: QUIET,
  });
  return join(ROOT, '.output/chrome-mv3');
}

const silent = () => {};
const QUIET = {
  level: 0,
  debug: silent,
  log: silent,
  info: silent,
  warn: silent,
  error: console.error,
  fatal: console.error,
  success: silent,
};
