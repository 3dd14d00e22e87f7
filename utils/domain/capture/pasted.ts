import { UNSEEN } from '../base/unseen.ts';

/** Values that a text gives to a parameter, each with the query that it stands in. */
export interface Named {
  value: string;
  query: URLSearchParams;
}

/**
 * Every value that a text names as the token parameter: in an address with or without its scheme, a query, a form's fields
 * as a browser's tools copy them, JSON, a line of a log or of a program. `parameter` is lower case, without separators.
 */
export function namedIn(parameter: string, text: string): Named[] {
  const letters = [...parameter].join('[_\\s-]?');
  // `code` is a word of many sentences: only an assignment names it.
  const isWord = parameter.length < SHORTEST_NAME;
  const given = isWord ? ASSIGNED : GIVEN;
  const before = isWord ? '(?<![A-Za-z0-9]\\s?)' : '(?<![A-Za-z0-9])';
  const named = new RegExp(`${before}${letters}${given}([^\\s"'\`<>&,;(){}[\\]#?=|\\\\]+)`, 'gi');
  for (let decoded = text, turn = 0; turn < MOST_DECODINGS; turn++) {
    const found = [...decoded.matchAll(named)];
    if (found.length > 0)
      return found
        .map((one) => ({ value: wholeValue(decoded, one), query: queryAround(decoded, one) }))
        .filter(({ value }) => !isSaidOf(parameter, value));
    const next = decodedOnce(decoded);
    if (next === decoded) return [];
    decoded = next;
  }
  return [];
}

/** A pasted text without what programs, mail and web pages put around its signs. */
export function readable(pasted: string): string {
  const text = pasted
    .replaceAll(UNSEEN, '')
    .replaceAll(/&amp;|\\+(?:u00|x)26/gi, '&')
    .replaceAll(/&#(?:61|x3d);|\\+(?:u00|x)3d|\uff1d/gi, '=')
    .replaceAll('\uff1a', ':')
    .replaceAll('\\_', '_')
    .replaceAll(REWRITTEN, ' ')
    .replaceAll(NAMED_LINK, '$1>');
  // Mail writes = as =3D; a token may begin with 3D, so only a value that we know tells.
  return /=3D(?:login|success)\b/.test(text) ? text.replaceAll('=3D', '=') : text;
}

/** A token that stands alone, in quotes or with a mark behind it, as it is copied out of a sentence. */
export function bare(text: string): string {
  // What ends in several dots was shortened.
  if (/\.{2,}\W*$/.test(text)) return text.trim();
  return text.replace(/^[\s"'`“”‘’<([{]+|[\s"'`“”‘’>)\]}.,;]+$/g, '');
}

// An address inside an address is encoded once, at a hop on the way perhaps twice.
const MOST_DECODINGS = 3;
// Slack's own form of a link.
const NAMED_LINK = /(<https?:[^<>|\s]*)\|[^<>]*>/g;
// 2026-11: version 3 of Proofpoint's URL Defense puts this behind an address, https://urldefense.com/v3/
const REWRITTEN = /__;[^\s"'<>]*/g;
// The tags between two cells, or around the name.
const TAGS = '\\s*(?:>|(?:<\\/?[a-z][^<>]{0,80}>\\s*)+)[\\s:=]*(?:<[a-z][^<>]{0,80}>\\s*)*';
// `=`, `:`, `=>`, a dash, an arrow, a pair's comma, a table's bar or blank, a form's `value=`; quotes and stars may stand around either side.
const BETWEEN = [
  '\\s*(?:=>|->|[=:|→–—])\\s*',
  // As a browser's tools write a request down.
  '\\s*,\\s*["\']value["\']\\s*:\\s*',
  '(?<=["\'])\\s*,\\s*',
  '["\'\\s][^<>]{0,40}?\\bvalue\\s*=\\s*',
  TAGS,
  '\\s+(?:is:?\\s+|-\\s+)?',
];
const GIVEN = `(?:[_\\s-]?(?:key|value))?["'\`\\]*\\\\]*(?:${BETWEEN.join('|')})(?:string\\(\\d+\\)\\s*)?["'\`[(*\\\\]*`;

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
  if (mayGoOn) return `${begin}\n${rest}`;
  // Stars make a text bold where they stand on both sides; behind it alone they hide the rest of it, as several dots do.
  const isBold = /\*["'`\s]*$/.test(text.slice(0, index)) || whole.slice(0, -begin.length).includes('*');
  return isHidden(begin, isBold) ? begin : begin.replace(/[.:!*]+$/, '');
}

function isHidden(value: string, isBold: boolean): boolean {
  return /\.{2,}$/.test(value) || (!isBold && value.endsWith('*'));
}

const LONGEST_WORD = 15;

/** True for what stands where a token is missing, or is told about it: `undefined`, `API_Session expired`. */
export function isNoToken(names: readonly string[], value: string): boolean {
  if (/^(?:null|undefined|none|nil|nan)$/i.test(value)) return true;
  const isWord = value.length <= LONGEST_WORD && /^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(value);
  // Of a few random letters some tokens of these brokers are made.
  return isWord && names.every((name) => name.length >= SHORTEST_NAME);
}

/** The code of an error, a status or a place. */
function isSaidOf(parameter: string, value: string): boolean {
  const isCode = parameter.length < SHORTEST_NAME && /^(?:UDAPI)?\d+$/i.test(value);
  return isCode || isNoToken([parameter], value);
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
