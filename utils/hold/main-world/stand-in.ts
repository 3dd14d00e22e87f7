import { apply, defineProperty, indexIn, mapGet, mapSet, NativeProxy, slice } from './natives.ts';

const originals = new WeakMap<object, object>();

/** Stands in front of a function of the browser under its name, its length and its text. */
export function standIn<T extends object>(native: T, handler: ProxyHandler<T>): T {
  const stand = new NativeProxy(native, handler);
  mapSet(originals, stand, native);
  return stand;
}

/**
 * Lets what stands in for the browser's own functions print as they do: error reporters look at the text of `fetch` to
 * learn whether somebody wrapped it (https://github.com/getsentry/sentry-javascript, supportsNativeFetch, 2026-11).
 */
export function keepTexts(): void {
  const { prototype } = Function;
  const value = standIn(prototype.toString, {
    apply: (native, self, args) => apply(native, mapGet(originals, self) ?? self, args),
  });
  defineProperty(prototype, 'toString', { value, writable: true, enumerable: false, configurable: true });
}

/** Our file as it stands in a stack, or null where it has no address of its own. */
const OURS = /(?:chrome|moz)-extension:\/\/[^\s:)]+/.exec(new Error().stack ?? '')?.[0] ?? null;

/** An error of the browser's, less our lines in its stack; `as` replaces a beginning of its text. */
export function withoutUs(error: unknown, as: readonly [from: string, to: string] | null = null): unknown {
  if (typeof error !== 'object' || error === null) return error;
  rewrite(error, 'message', (text) => renamed(text, as));
  rewrite(error, 'stack', (text) => withoutOurLines(renamed(text, as)));
  return error;
}

/** A stack is a value of its own in some browsers, and behind a getter and a setter of its own in others. */
function rewrite(error: object, name: 'message' | 'stack', change: (text: string) => string): void {
  const own = describe(error, name);
  if (own === undefined) return;
  const text: unknown = own.get ? apply(own.get, error, []) : own.value;
  if (typeof text !== 'string') return;
  const value = change(text);
  if (value === text) return;
  if (own.set) apply(own.set, error, [value]);
  else defineProperty(error, name, { ...own, value });
}

const describe = Object.getOwnPropertyDescriptor;

function renamed(text: string, as: readonly [string, string] | null): string {
  if (as === null) return text;
  const at = indexIn(text, as[0]);
  return at === -1 ? text : slice(text, 0, at) + as[1] + slice(text, at + as[0].length);
}

function withoutOurLines(stack: string): string {
  if (OURS === null || indexIn(stack, OURS) === -1) return stack;
  let kept = '';
  for (let from = 0; from <= stack.length; ) {
    const found = indexIn(stack, '\n', from);
    const end = found === -1 ? stack.length : found;
    const line = slice(stack, from, end);
    if (indexIn(line, OURS) === -1) kept += kept === '' ? line : `\n${line}`;
    from = end + 1;
  }
  return kept;
}
