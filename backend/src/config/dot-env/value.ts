/** What the other readers of such files make of a value: dotenv 17, python-dotenv 1 and bash 5, as of 2026-11. */
export interface Doubt {
  /** `differs`: dotenv and python-dotenv take another value, or none. `shell`: a shell that sources the file does. `cut`: every reader leaves out what may belong to a key. */
  kind: 'differs' | 'shell' | 'cut';
  /** What is wrong, or how to write it. */
  words: string;
}

export interface Value {
  value: string;
  doubts: Doubt[];
}

export const QUOTE_IT = 'put the value between single quotes';
const differs = (words: string): Doubt => ({ kind: 'differs', words });
const shell = (words: string): Doubt => ({ kind: 'shell', words });

/** A value without quotes: all that stands behind `=`, up to a `#` after a blank. */
export function readUnquoted(text: string): Value {
  if (/^[ \t]+#/.test(text))
    return {
      value: '',
      doubts: [differs(`what follows # may count as a comment: write nothing behind =, or ${QUOTE_IT}`)],
    };
  const value = text.replace(/[ \t]#.*$/, '').trim();
  return { value, doubts: value === '' ? [] : [...cutFrom(text), ...unquotedDoubts(value)] };
}

function cutFrom(text: string): Doubt[] {
  // Comments begin with a blank, and nobody writes keys with one.
  if (/[ \t]#[^\s#]/.test(text)) return [{ kind: 'cut', words: 'what follows # is a comment' }];
  return /[ \t]$/.test(text) ? [{ kind: 'cut', words: 'the blanks at its end are left out' }] : [];
}

function unquotedDoubts(value: string): Doubt[] {
  if (value.includes('#')) return [differs(`dotenv cuts the value at #: ${QUOTE_IT}`)];
  if (value.includes('${')) return [FILLED_IN];
  if (/^['"`]/.test(value)) return [differs('the quote in front is not the last character, or is never closed')];
  return /[\s$`\\&;|<>()'"]|(?:^|:)~/.test(value) ? [shell(QUOTE_IT)] : [];
}

/** A value between quotes; `behind` follows the one that closes it. */
export function readQuoted(quote: string, value: string, behind: string): Value & { isClosedWell: boolean } {
  const isClosedWell = /^[ \t]*(?:[ \t]#.*)?$/.test(behind);
  const doubts: Doubt[] = [];
  if (!isClosedWell) doubts.push(differs('something stands behind the closing quote'));
  if (/[\r\n]/.test(value)) doubts.push(differs('the value goes over more than one line'));
  if (value.includes('${')) doubts.push(FILLED_IN);
  else if (quote === '"' && /[$`]/.test(value)) doubts.push(shell(QUOTE_IT));
  if (quote === '"' && value.includes('\\'))
    doubts.push(differs(`a backslash between double quotes is read in more than one way: ${QUOTE_IT}`));
  if (quote === "'" && /\\(?:\\|$)/.test(value))
    doubts.push(differs('two backslashes, or one at the end, are read in more than one way between single quotes'));
  return { value, doubts, isClosedWell };
}

const FILLED_IN = differs(
  '${ is filled in by python-dotenv, whatever the quotes: set the variable in the process, not in the file',
);
