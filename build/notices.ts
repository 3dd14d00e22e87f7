import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** A package whose code is in the extension. */
export interface Bundled {
  name: string;
  version: string;
  license: string;
  text: string;
}

interface Manifest {
  name: string;
  version: string;
  license?: string;
  repository?: { url: string };
}

/** Collects the packages whose code the bundler really took in. One collector serves all the bundles of a build. */
export function collectNotices() {
  const folders = new Set<string>();
  const plugin: Plugin = {
    name: 'notices',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        for (const id of file.moduleIds) {
          const folder = packageFolder(id);
          if (folder !== null) folders.add(folder);
        }
      }
    },
  };
  return { plugin, packages: () => [...folders].map(readPackage).sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** The notices as one text: each package with its version, its licence and the licence's words. */
export function noticesText(packages: readonly Bundled[]): string {
  const notices = packages.map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}`,
  );
  return `Opening Bell contains code of these packages.\n\n${notices.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`;
}

/** The folder of the package that a module belongs to; null for code of ours and of the bundler itself. */
function packageFolder(id: string): string | null {
  const [path = ''] = id.replace(/^\0+/, '').split('?');
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : null;
}

function readPackage(folder: string): Bundled {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license, repository } = manifest;
  if (license === undefined) throw new Error(`${name} names no licence`);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  // 2026-11: the package of wxt has none. https://github.com/wxt-dev/wxt has it.
  const text = file ? readFileSync(join(folder, file), 'utf8') : `The text of the licence is at ${repository?.url}`;
  return { name, version, license, text };
}

/** The names of the packages that such a text is about. */
export function packagesNamed(text: string): string[] {
  return [...text.matchAll(/^(@?[a-z0-9-]+(?:\/[a-z0-9-]+)?) \d+\.\d+\.\d+\S* \([^)]+\)$/gm)].map(
    ([, name = '']) => name,
  );
}
