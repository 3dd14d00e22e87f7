import type { ToldProblem } from './problems.ts';

const PREFIX = /^(ZERODHA|BREEZE)_/;
const MOST_EDITS = 2;

/** A problem for each variable that nobody reads and that is a slip away from one of `known` that is not set. */
export function misspelt(env: Record<string, string | undefined>, known: readonly string[]): ToldProblem[] {
  const unset = known.filter((name) => PREFIX.test(name) && env[name] === undefined);
  return Object.keys(env)
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = unset.find((one) => edits(name, one) <= MOST_EDITS);
      return meant === undefined ? [] : [{ field: name, message: `is not a variable of this backend, ${meant} is` }];
    });
}

const PLACEHOLDER =
  /^(?:…+|\.{2,}|\*{3,}|x{3,}|<.*>|\[.*\]|\{.*\}|change[-_ ]?me|replace[-_ ]?me|todo|placeholder|(?:your|my)[-_ ].*|.*[-_ ]here)$/i;

/** True for what a copied example says in place of a value. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value.trim());
}

/** True for a value between quotes: docker's --env-file passes them on as part of it, unlike a shell and `.env`. */
export function isQuoted(value: string): boolean {
  return /^(['"]).*\1$/.test(value);
}

/** How many letters have to be added, removed, changed or swapped with their neighbour to get from one word to the other. */
function edits(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > MOST_EDITS) return MOST_EDITS + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next[column] = Math.min(
        at(last, column) + 1,
        at(next, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = next;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
