import type { MarketId } from '../../shared/market.ts';

/** What a request does: a read can be sent again unseen, one that may act (place an order) goes out on a click only. */
export type Effect = 'read' | 'act';

/** A rule of the person's own: `method` is one or `*`, `path` a pattern with `*` for anything, over the path with its query. */
export interface EffectRule {
  method: string;
  path: string;
  effect: Effect;
  /** Whose hours such an order is judged by; absent: those of the market in the settings. */
  market?: MarketId | undefined;
}

/** The method under which a page names an operation that it retries by itself; its path is the operation's type. */
export const OPERATION = 'OPERATION';

/** The first rule that fits decides; without one GET and HEAD are reads, and everything else may act. */
export function effectOf(method: string, path: string, rules: readonly EffectRule[]): Effect {
  const rule = ruleFor(method, path, rules);
  if (rule) return rule.effect;
  return method === 'GET' || method === 'HEAD' ? 'read' : 'act';
}

/** The market that the first fitting rule names, if it names one. */
export function marketOf(method: string, path: string, rules: readonly EffectRule[]): MarketId | undefined {
  return ruleFor(method, path, rules)?.market;
}

function ruleFor(method: string, path: string, rules: readonly EffectRule[]): EffectRule | undefined {
  return rules.find((one) => (one.method === '*' || one.method === method) && fits(one.path, path));
}

/** Compares piece by piece and not by a regular expression, which a pattern with many stars could make run for ever. */
function fits(pattern: string, path: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!path.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return path === first;
  let at = first.length;
  for (const piece of rest) {
    const found = path.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return path.length - last.length >= at && path.endsWith(last);
}
