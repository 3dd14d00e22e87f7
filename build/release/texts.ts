import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTS, PERMISSIONS } from '../permissions.ts';

type Language = 'en' | 'hi';

/** The documents that list permissions, each in its language. */
export const DOCUMENTS: readonly { path: string; language: Language }[] = [
  { path: 'docs/permissions.md', language: 'en' },
  { path: 'store/listing.en.md', language: 'en' },
  { path: 'store/listing.hi.md', language: 'hi' },
];

const HEADS: Record<Language, { permission: string; host: string; why: string; optional: string }> = {
  en: { permission: 'permission', host: 'host', why: 'why', optional: 'optional' },
  hi: { permission: 'अनुमति', host: 'होस्ट', why: 'क्यों', optional: 'वैकल्पिक' },
};

/** The text with both tables made anew between their marks. */
export function withTables(text: string, language: Language): string {
  const heads = HEADS[language];
  const permissions = PERMISSIONS.map(({ name, kind, only, reason }) => {
    const notes = [only === 'firefox' ? 'Firefox' : '', kind === 'optional' ? heads.optional : ''].filter(Boolean);
    return `| \`${name}\`${notes.length > 0 ? ` (${notes.join(', ')})` : ''} | ${reason[language]} |`;
  });
  const hosts = HOSTS.map(({ host, reason }) => `| ${host[language]} | ${reason[language]} |`);
  const filled = between(text, 'permissions', [`| ${heads.permission} | ${heads.why} |`, '|---|---|', ...permissions]);
  return between(filled, 'hosts', [`| ${heads.host} | ${heads.why} |`, '|---|---|', ...hosts]);
}

function between(text: string, mark: string, lines: readonly string[]): string {
  const whole = new RegExp(`(<!-- ${mark} -->\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  if (!whole.test(text)) throw new Error(`the mark ${mark} is missing`);
  return text.replace(whole, (_, start: string, end: string) => `${start}${lines.join('\n')}\n${end}`);
}

/** Makes the tables of every document anew. */
export function writeTables(root: string): void {
  for (const { path, language } of DOCUMENTS) {
    const file = join(root, path);
    writeFileSync(file, withTables(readFileSync(file, 'utf8'), language));
  }
}

if (import.meta.filename === process.argv[1]) writeTables(join(import.meta.dirname, '../..'));
