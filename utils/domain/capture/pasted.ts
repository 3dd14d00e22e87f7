/** Values that a text gives to a parameter, each with the query that it stands in. */
export interface Named {
  value: string;
  query: URLSearchParams;
}

/**
 * Every value that a text names as the token parameter: in an address with or without its scheme, a query, a form's fields
 * as a browser's tools copy them, JSON, a line of a log or of a program. `parameter` is lower case, without separators.
 */
export function namedIn(parameter: string, pasted: string): Named[] {
  const text = pasted
    .replaceAll(UNSEEN, '')
    .replaceAll('&amp;', '&')
    .replaceAll(/&#(?:61|x3d);/gi, '=');
  const letters = [...parameter].join('[_\\s-]?');
  // `code` is a word of many sentences: only an assignment names it.
  const isWord = parameter.length < SHORTEST_NAME;
  const given = isWord ? ASSIGNED : GIVEN;
  const before = isWord ? '(?<![A-Za-z0-9]\\s?)' : '(?<![A-Za-z0-9])';
  const named = new RegExp(`${before}${letters}${given}([^\\s"'\`<>&,;(){}[\\]#?=|\\\\]+)`, 'gi');
  for (let decoded = text, turn = 0; turn < MOST_DECODINGS; turn++) {
    const found = [...decoded.matchAll(named)];
    if (found.length > 0)
      return found.map((one) => ({ value: wholeValue(decoded, one), query: queryAround(decoded, one) }));
    const next = decodedOnce(decoded);
    if (next === decoded) return [];
    decoded = next;
  }
  return [];
}

/** A token that stands alone, in quotes or with a mark behind it, as it is copied out of a sentence. */
export function bare(pasted: string): string {
  return pasted.replaceAll(UNSEEN, '').replace(/^[\s"'`“”‘’<([{]+|[\s"'`“”‘’>)\]}.,;]+$/g, '');
}

// An address inside an address is encoded once, at a hop on the way perhaps twice.
const MOST_DECODINGS = 3;
// Editors, mail programs and web pages put these in where nobody sees them.
const UNSEEN = /[\u200b-\u200f\u2060\ufeff\u00ad]/g;
// `=`, `:`, `=>`, a dash, an arrow, a pair's comma, a table's bar or blank, a form's `value=`; quotes and stars may stand around either side.
const GIVEN =
  '["\'`\\]*\\\\]*(?:\\s*(?:=>|->|[=:|→–—])\\s*|(?<=["\'])\\s*,\\s*|["\'\\s][^<>]{0,40}?\\bvalue\\s*=\\s*|\\s+(?:is\\s+|-\\s+)?)["\'`[(*\\\\]*';

const ASSIGNED = '["\'`\\]]*(?:=>|[=:])\\s*["\'`[(]*';
const SHORTEST_NAME = 7;

const PLAIN = /^=?\r?\n[ \t>]*([A-Za-z0-9]+)(.?)/s;
const DOTTED = /^=?\r?\n[ \t>]*([A-Za-z0-9._-]+)(.?)/s;

/** The value of a match, put together where a mail program broke it over two lines; what may be broken is left as no value. */
function wholeValue(text: string, { index, 0: whole, 1: begin = '' }: RegExpExecArray): string {
  const behind = text.slice(index + whole.length);
  // A token with dots goes on with them; behind another one such a line is a day or a number.
  const goesOn = /[._-]/.test(begin) ? DOTTED : PLAIN;
  const [, rest, next = ''] = goesOn.exec(behind) ?? [];
  if (rest !== undefined && (behind.startsWith('=') || next === '&')) return begin + rest;
  // A line that is no word may be the rest of a token.
  const mayGoOn = rest !== undefined && /^[\r\n]?$/.test(next) && !/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(rest);
  return mayGoOn ? `${begin}\n${rest}` : begin.replace(/[.:!*]+$/, '');
}

/** The query around a match: the run of characters without a blank that it stands in. */
function queryAround(text: string, { index, 0: whole }: RegExpExecArray): URLSearchParams {
  const before = /[^\s"'`<>?#]*$/.exec(text.slice(0, index))?.[0] ?? '';
  const rest = text.slice(index + whole.length).replace(/^=?\r?\n[ \t>]*[A-Za-z0-9._-]+(?=&)/, '');
  const after = /^[^\s"'`<>#()[\]]*/.exec(rest)?.[0].replace(/[.,;:!]+$/, '') ?? '';
  return new URLSearchParams(before + whole.replaceAll(/\s/g, '') + after);
}

function decodedOnce(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
