import { valuesOf } from '../../config/dot-env/parse.ts';

/**
 * The text of a `.env` file with one variable changed or added and nothing else. Null: the value cannot be written so
 * that every reader of such files reads it alike, or another variable would change with it.
 */
export function withVariable(text: string, name: string, value: string): string | null {
  // Single quotes are read alike by dotenv, Node, python-dotenv and bash; these three they cannot hold.
  if (/['\r\n]|\$\{/.test(value)) return null;
  const line = `${name}='${value}'`;
  const lines = text.split('\n');
  // Of several, every reader takes the last one.
  const at = lines.findLastIndex((one) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(one));
  const changed = at === -1 ? append(text, line) : lines.with(at, kept(lines[at] ?? '', line)).join('\n');
  return changesOnly(text, changed, name, value) ? changed : null;
}

/** The line in the dress of the old one: with its `export` and its carriage return. */
function kept(old: string, line: string): string {
  return `${/^\s*(?:export\s+)?/.exec(old)?.[0] ?? ''}${line}${old.endsWith('\r') ? '\r' : ''}`;
}

function append(text: string, line: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text}${text === '' || text.endsWith('\n') ? '' : end}${line}${end}`;
}

/** A line that looks like ours may stand inside the quotes of another variable. */
function changesOnly(before: string, after: string, name: string, value: string): boolean {
  const old = { ...valuesOf(before), [name]: value };
  const now = valuesOf(after);
  return JSON.stringify(Object.entries(old).sort()) === JSON.stringify(Object.entries(now).sort());
}
