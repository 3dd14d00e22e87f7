import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One entry of package-lock.json, as far as it is read here. */
interface Locked {
  version?: string;
  license?: string;
  integrity?: string;
  link?: boolean;
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
export type Lock = Readonly<Record<string, Locked>>;

/** The packages of the lockfile, by their path in it. */
export function readLock(root: string): Lock {
  return (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock }).packages;
}

/**
 * The paths of all packages that run with the workspace at `start`, and with what these need in turn. `npm sbom` leaves
 * out what is a dev dependency of the root and a dependency of a workspace (npm 10, 2026-11), so the lockfile is walked here.
 */
export function runtimePackages(lock: Lock, start: string): string[] {
  const found = new Set<string>();
  const follow = (from: string) => {
    const { dependencies = {}, optionalDependencies = {} } = lock[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = resolve(lock, from, name);
      if (path === null || found.has(path)) continue;
      found.add(path);
      follow(path);
    }
  };
  follow(start);
  return [...found].sort();
}

/** A CycloneDX 1.6 document (https://cyclonedx.org/docs/1.6/json/) of these packages. */
export function sbom(lock: Lock, paths: readonly string[], name: string, version: string): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version } },
    components: paths.map((path) => component(path, lock[path] ?? {})),
  };
}

function component(path: string, { version = '', license, integrity }: Locked) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const [algorithm, content = ''] = (integrity ?? '').split('-', 2);
  return {
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(license ? { licenses: [{ expression: license }] } : {}),
    ...(algorithm === 'sha512'
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }] }
      : {}),
  };
}

/** Where Node finds `name` from the package at `from`: its own folder first, then each one above. */
function resolve(lock: Lock, from: string, name: string): string | null {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' || !at.includes('node_modules') ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    const own = at !== '' && !at.includes('node_modules') ? `${at}/node_modules/${name}` : path;
    if (lock[own]) return own;
    if (lock[path]) return path;
    if (at === '' || !at.includes('node_modules')) return null;
  }
}
