import type { Outcome } from '../../domain/hold/hold-messages.ts';
import type { Hold } from './hold.ts';
import { hrefOf, indexIn, NativeURL, originOf, slice, statusOf } from './natives.ts';

// https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/, 2026-11.
export const KEY_HEADER = 'Idempotency-Key';

// Not the address's: a sandboxed frame has an origin of its own.
const OWN_ORIGIN = globalThis.origin;

/** A header of ours on a request to another origin would force a preflight that its server does not expect. */
export function isSameOrigin(url: string): boolean {
  return originOf(new NativeURL(url)) === OWN_ORIGIN;
}

/** Path and query: what rules are compared with. */
export function pathOf(url: string): string {
  const parsed = new NativeURL(url);
  const rest = slice(hrefOf(parsed), originOf(parsed).length);
  const fragment = indexIn(rest, '#');
  return fragment === -1 ? rest : slice(rest, 0, fragment);
}

/** What became of a request whose answer was lost: asked of the page's own server by its key, where that is set up. */
export async function lookUp(native: typeof fetch, hold: Hold, key: string | null): Promise<Outcome> {
  const path = hold.settings()?.lookup ?? null;
  if (key === null) return 'lost';
  if (path === null) return 'unknown';
  try {
    const status = statusOf(await native(path.replace('{key}', key), { cache: 'no-store' }));
    if (status === 404) return 'missing';
    return status === 200 ? 'found' : 'unknown';
  } catch {
    return 'unknown';
  }
}
