import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts all packages of a folder into a project, as `npm install` does. They are linked, so that it takes a second. */
export function installAll(packages: string, project: string): void {
  linkTree(packages, join(project, 'node_modules'));
}

/** The same with one package and what it needs. */
export function install(name: string, packages: string, project: string): void {
  const to = join(project, 'node_modules', name);
  const from = join(packages, name);
  if (existsSync(to) || !existsSync(from)) return;
  linkTree(from, to);
  const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  for (const needed of Object.keys(dependencies)) install(needed, packages, project);
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) cpSync(source, target, { verbatimSymlinks: true });
    else linkSync(source, target);
  }
}

/** The packages of this project. */
export const OWN_PACKAGES = join(import.meta.dirname, '../../../node_modules');
