import { hasTypographicQuotes, invisibleIn, withoutInvisible } from './invisible.ts';
import { type Doubt, readQuoted, readUnquoted, type Value } from './value.ts';

/** One variable of a `.env` file, with the line it stands in. */
export interface Entry extends Value {
  name: string;
  line: number;
}

export interface DotEnv {
  entries: Entry[];
  /** Lines that are neither a variable nor a comment: every reader passes them over. */
  strays: number[];
}

const BEGIN = /^[ \t]*(?:export[ \t]+)?([\w.-]+)([ \t]*)(=|:(?=[ \t])|$)/;
const NOTHING = /^[ \t]*(?:#.*)?$/;

/** What a `.env` file says. Of a name that comes twice the last one counts, for every reader. */
export function parseDotEnv(text: string): DotEnv {
  const lines = linesOf(text);
  const found: DotEnv = { entries: [], strays: [] };
  for (let at = 0; at < lines.length; ) {
    const { entry, next } = entryAt(lines, at);
    if (entry !== null) found.entries.push(entry);
    else if (!NOTHING.test(lines[at] ?? '')) found.strays.push(at + 1);
    at = next;
  }
  return found;
}

export function linesOf(text: string): string[] {
  return text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
}

/** The values that such a file sets. */
export function valuesOf(text: string): Record<string, string> {
  return Object.fromEntries(parseDotEnv(text).entries.map(({ name, value }) => [name, value]));
}

/** The name of a line that sets a variable. */
export function nameIn(line: string): string | null {
  const [, name = null, , sign] = BEGIN.exec(line) ?? [];
  return sign === '=' ? name : null;
}

function entryAt(lines: readonly string[], at: number): { entry: Entry | null; next: number } {
  const text = lines[at] ?? '';
  const hidden = BEGIN.test(text) ? null : invisibleIn(text);
  const plain = hidden === null ? text : withoutInvisible(text);
  const [begin = '', name = '', blank = '', sign = ''] = BEGIN.exec(plain) ?? [];
  if (name === '') return { entry: null, next: at + 1 };
  const rest = plain.slice(begin.length);
  const read = sign === '=' ? valueAt([rest, ...lines.slice(at + 1)]) : { ...NO_SIGN, value: rest.trim() };
  const doubts = [
    ...read.doubts,
    ...seenIn(hidden ?? invisibleIn(rest), read.value),
    ...blanks(blank, rest, read.value),
  ];
  return { entry: { name, line: at + 1, value: read.value, doubts }, next: at + read.lines };
}

const NO_SIGN = { doubts: [{ kind: 'differs', words: 'write = behind the name' } satisfies Doubt], lines: 1 };

/** The value that begins in the first of these lines, and how many of them it takes. */
function valueAt(lines: readonly string[]): Value & { lines: number } {
  const [rest = ''] = lines;
  const [opening = '', quote = ''] = /^[ \t]*(['"])/.exec(rest) ?? [];
  const text = lines.join('\n').slice(opening.length);
  const end = quote === '' ? -1 : closing(text, quote);
  if (end === -1) return { ...readUnquoted(rest), lines: 1 };
  const read = readQuoted(quote, text.slice(0, end), text.slice(end + 1).split('\n', 1)[0] ?? '');
  const taken = read.value.split('\n').length;
  // A quote that was forgotten runs into the next one: what stands between is no part of a value.
  return taken > 1 && !read.isClosedWell ? { ...readUnquoted(rest), lines: 1 } : { ...read, lines: taken };
}

/** Where the value ends. A backslash hides a double quote from every reader, and a single one from none. */
function closing(text: string, quote: string): number {
  return quote === "'" ? text.indexOf(quote) : text.search(/(?<=(?:^|[^\\])(?:\\\\)*)"/);
}

function seenIn(hidden: string | null, value: string): Doubt[] {
  if (hidden !== null)
    return [{ kind: 'differs', words: `the line holds a character that nobody sees (${hidden}): type it anew` }];
  if (value.includes('\ufffd')) return [{ kind: 'differs', words: 'the line is no UTF-8: save the file as UTF-8' }];
  return hasTypographicQuotes(value)
    ? [{ kind: 'differs', words: 'the quotes are those of a word processor: write straight single ones' }]
    : [];
}

function blanks(before: string, rest: string, value: string): Doubt[] {
  const isWide = before !== '' || /^[ \t]/.test(rest);
  return isWide && value !== '' ? [{ kind: 'shell', words: 'take out the blanks around =' }] : [];
}
