import { getSystemErrorMap } from 'node:util';

/** What may be logged of an error: never its words, which can hold what was posted. */
export interface Cause {
  /** The kind of error, with the code that the system, SQLite or Postgres gave it. */
  cause: string;
  /** The first of our own lines that it came through. */
  at: string;
}

const SYSTEM_CODES = new Set([...getSystemErrorMap().values()].map(([name]) => name));
/** Of errors that Node, SQLite (`ERR_SQLITE_ERROR`) and Postgres (SQLSTATE) raise. */
const CODE = /^(?:ERR_[A-Z_]{1,60}|[0-9A-Z]{5})$/;
const KINDS = [
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'AbortError',
  'TimeoutError',
  'AggregateError',
];

export function causeOf(error: unknown): Cause {
  if (!(error instanceof Error)) return { cause: 'unknown', at: 'unknown' };
  const kind = KINDS.includes(error.name) ? error.name : 'Error';
  const codes = [codeOf(error), sqliteCode(error)].filter((code) => code !== null);
  return { cause: [kind, ...codes].join(' '), at: placeOf(error) };
}

function codeOf(error: Error): string | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return SYSTEM_CODES.has(code) || CODE.test(code) ? code : null;
}

/** https://sqlite.org/rescode.html: 13 is a full disk, 11 a damaged file. */
function sqliteCode(error: Error): string | null {
  return 'errcode' in error && typeof error.errcode === 'number' ? `sqlite ${error.errcode}` : null;
}

function placeOf({ stack = '', message }: Error): string {
  // The words of an error come first, and could look like a line of ours.
  const frames = stack.slice(stack.indexOf(message) + message.length);
  const [, file, line] = /backend\/src\/([a-z0-9/-]+\.ts):(\d+)/.exec(frames) ?? [];
  return file === undefined ? 'unknown' : `${file}:${line}`;
}
