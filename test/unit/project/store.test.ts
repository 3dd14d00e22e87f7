import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS, permissionNames } from '../../../build/permissions.ts';
import { DOCUMENTS, withTables } from '../../../build/release/texts.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('the permissions (STR-01)', () => {
  it('are the frozen ones', () => {
    const silent = [
      'alarms',
      'storage',
      'webRequest',
      'scripting',
      'declarativeNetRequestWithHostAccess',
      'contextMenus',
    ];
    expect(permissionNames('required', 'chrome')).toEqual(silent);
    expect(permissionNames('required', 'firefox')).toEqual([...silent, 'webRequestBlocking']);
    expect(permissionNames('optional', 'chrome')).toEqual(['notifications', 'cookies']);
  });

  it.each(DOCUMENTS)(
    'stand in $path as the manifest has them; npm run texts makes the tables',
    ({ path, language }) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      expect(withTables(text, language)).toBe(text);
      for (const { name } of PERMISSIONS) expect(text).toContain(`\`${name}\``);
      expect(PERMISSIONS.every(({ reason }) => text.includes(reason[language]))).toBe(true);
    },
  );
});
