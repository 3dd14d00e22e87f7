import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, 'empty');
const PROJECT = join(import.meta.dirname, '../../..');
// Inside the project, so that WXT and Preact are found.
const ROOT = join(PROJECT, '.output/empty-extension');

/** The built folder of an extension by WXT and Preact with an empty background and a popup of one word. */
export function buildEmptyExtension(): string {
  rmSync(ROOT, { recursive: true, force: true });
  mkdirSync(ROOT, { recursive: true });
  cpSync(SOURCES, ROOT, { recursive: true });
  execFileSync('wxt', ['build', ROOT], { cwd: PROJECT, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(ROOT, '.output/chrome-mv3');
}
