import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What only the owner of the store accounts can say, and has not said yet. */
export function missingOfOwner(root: string): string[] {
  const owner = JSON.parse(readFileSync(join(root, 'store/owner.json'), 'utf8')) as Record<string, string | null>;
  return Object.entries(owner).flatMap(([field, value]) => (value === null || value.trim() === '' ? [field] : []));
}

/** The section of CHANGELOG.md about a version, or null. */
export function changesIn(changelog: string, version: string): string | null {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((one) => one.startsWith(`${version} `) || one.startsWith(`${version}\n`));
  return section?.slice(section.indexOf('\n')).trim() || null;
}
