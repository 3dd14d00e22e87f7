import { createHash, timingSafeEqual } from 'node:crypto';
import type { Handler } from 'hono';
import { type BrokerId, BrokerId as BrokerIds } from '../../../utils/shared/contract.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import { createLimit } from '../http/limit.ts';
import type { Session } from '../store/tables/sessions.ts';

const WRONG_KEYS_A_MINUTE = 10;

export interface KeyRoute {
  key: string;
  live(account: BrokerId): Promise<Session | null>;
  now(): number;
}

/** `GET /session/:account`: the access token for the person's own code, which names the key of this backend. */
export function keyRoute({ key, live, now }: KeyRoute): Handler {
  const admits = createLimit(WRONG_KEYS_A_MINUTE, MINUTE);
  return async (context) => {
    if (!isSame(context.req.header('authorization') ?? '', `Bearer ${key}`))
      return admits(now())
        ? context.json({ error: 'the key does not fit: npm run backend:key prints it' }, 401)
        : context.json({ error: 'too many wrong keys' }, 429);
    const account = BrokerIds.options.find((name) => name === context.req.param('account'));
    if (account === undefined) return context.json({ error: 'there is no such account' }, 404);
    const session = await live(account);
    if (session === null) return context.json({ account, auth_required: true, error: 'there is no session: log in' });
    return context.json({
      account,
      access_token: session.accessToken,
      session_token: session.dayToken,
      generation: session.generation,
      expires_at: new Date(session.expiresAt).toISOString(),
    });
  };
}

/** Compares in a time that tells neither length nor content. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
