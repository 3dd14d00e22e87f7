import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noticesText, packagesNamed } from '../../../build/notices.ts';
import { grantsOf, newGrants } from '../../../build/release/grants.ts';
import { changesIn, missingOfOwner } from '../../../build/release/owner.ts';
import { type Lock, readLock, runtimePackages, sbom } from '../../../build/release/sbom.ts';

const ROOT = join(import.meta.dirname, '../../..');
const namesIn = (paths: readonly string[]) => paths.map((path) => path.split('node_modules/').at(-1));

describe('a bill of materials', () => {
  const lock = readLock(ROOT);

  it('names every package that runs with the backend, and what these need', () => {
    const names = namesIn(runtimePackages(lock, 'backend'));
    expect(names).toEqual(
      expect.arrayContaining(['zod', 'kiteconnect', 'pg', 'pg-boss', 'axios', 'hono', 'pino', 'ws']),
    );
    for (const tool of ['vitest', 'playwright-core', 'typescript', 'wxt']) expect(names).not.toContain(tool);
  });

  it('takes the package that Node would take', () => {
    const made: Lock = {
      app: { dependencies: { a: '1', b: '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '2', c: '1' } },
      'node_modules/a/node_modules/b': { version: '2.0.0' },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '1.0.0', dependencies: { a: '1' } },
      'node_modules/unused': { version: '1.0.0' },
    };
    expect(runtimePackages(made, 'app')).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/b',
      'node_modules/c',
    ]);
    const nearer: Lock = { ...made, app: { dependencies: { a: '1' } }, 'app/node_modules/a': { version: '3.0.0' } };
    expect(runtimePackages(nearer, 'app')).toEqual(['app/node_modules/a']);
  });

  it('has name, version, licence and hash of each', () => {
    const made: Lock = { 'node_modules/@a/b': { version: '1.2.3', license: 'MIT', integrity: 'sha512-AAEC' } };
    expect(sbom(made, ['node_modules/@a/b'], 'whole', '0.1.0')).toMatchObject({
      bomFormat: 'CycloneDX',
      components: [
        {
          name: '@a/b',
          purl: 'pkg:npm/%40a/b@1.2.3',
          licenses: [{ expression: 'MIT' }],
          hashes: [{ alg: 'SHA-512', content: '000102' }],
        },
      ],
    });
  });
});

describe('an update', () => {
  const last = grantsOf({ permissions: ['alarms'], optional_permissions: ['cookies'] });

  it.each([
    ['the same', { permissions: ['alarms'], optional_permissions: ['cookies'] }, []],
    ['less', { permissions: [] }, []],
    ['a permission', { permissions: ['alarms', 'tabs'] }, ['permissions: tabs']],
    ['what was optional', { permissions: ['alarms', 'cookies'] }, ['permissions: cookies']],
    ['a host', { host_permissions: ['https://*/*'] }, ['host_permissions: https://*/*']],
  ])('that asks for %s', (_what, next, more) => expect(newGrants(last, grantsOf(next))).toEqual(more));
});

describe('a release', () => {
  it('needs a section of the changelog', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
    expect(changesIn(changelog, version)).toContain('first version');
    expect(changesIn(changelog, '99.0.0')).toBeNull();
    expect(changesIn('## 0.1.0\n\n## 0.0.9\n\nText', '0.1.0')).toBeNull();
  });

  it('names what only the owner has', () => expect(missingOfOwner(ROOT)).toContain('security_contact'));

  it('reads the packages back from its notices', () => {
    const packages = [
      { name: '@a/b', version: '1.2.3', license: 'MIT', text: 'a (b)' },
      { name: 'zod', version: '4.0.0', license: 'MIT', text: 'This 1.2.3 (MIT) is no title.' },
    ];
    expect(packagesNamed(noticesText(packages))).toEqual(['@a/b', 'zod']);
  });
});
