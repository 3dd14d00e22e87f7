import { textFromBase64Url } from '../bytes.ts';
import { sessionExpiry } from '../expiry.ts';
import { SECOND } from '../time.ts';
import type { Broker } from './broker.ts';

/** Epoch ms until which a token is worth delivering: by the broker's rule or, where that is earlier, by the token's own claim. */
export function tokenExpiry({ token, session }: Broker, capturedAt: number, value = ''): number {
  const byRule = token.lifeMs === 'session' ? sessionExpiry(session, capturedAt) : capturedAt + token.lifeMs;
  const claimed = expiryClaim(value);
  // A claim that is over already tells of two clocks that differ, or of another kind of token.
  return claimed !== null && claimed > capturedAt ? Math.min(byRule, claimed) : byRule;
}

/** The `exp` of a JWT, as epoch ms, or null. Nothing is proven by it. */
export function expiryClaim(value: string): number | null {
  const [, payload, more] = value.split('.');
  if (payload === undefined || more === undefined) return null;
  try {
    const claims: unknown = JSON.parse(textFromBase64Url(payload) ?? '');
    const isClaims = typeof claims === 'object' && claims !== null && 'exp' in claims;
    return isClaims && Number.isSafeInteger(claims.exp) ? Number(claims.exp) * SECOND : null;
  } catch {
    return null;
  }
}
