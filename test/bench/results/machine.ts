import { existsSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { printed } from '../../report/commit.ts';
import { findChromium } from '../../support/browsers/chromium.ts';
import type { Speed } from './speed.ts';

const ROOT = join(import.meta.dirname, '../../..');
const GIB = 2 ** 30;

/** The packages that are measured, or measured against. */
const PACKAGES = ['preact', 'zod', 'react', '@mswjs/interceptors', 'workbox-background-sync', 'pg-boss', 'wxt'];

export function machineFacts(): Speed['machine'] {
  const [first] = cpus();
  return [
    ['processor', `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`],
    ['memory', `${(totalmem() / GIB).toFixed(0)} GiB`],
    ['system', distribution()],
  ];
}

export function versionFacts(): Speed['versions'] {
  return [
    ['Chromium', printed(findChromium(), ['--version']).replace(/^Chromium /, '')],
    ['Node', process.versions.node],
    ...PACKAGES.map((name): [string, string] => [name, versionOf(name)]),
  ];
}

function versionOf(name: string): string {
  const text = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function distribution(): string {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^PRETTY_NAME="(.+)"$/m.exec(text)?.[1] ?? process.platform;
}
