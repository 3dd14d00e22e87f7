import type { Handler } from 'hono';
import type { AccountName } from '../config/account-name.ts';
import type { Session } from '../store/tables/sessions.ts';

export interface KeyRoute {
  names: readonly AccountName[];
  live(account: AccountName): Promise<Session | null>;
}

/** `GET /session/:account`: the access token for the person's own code, which shows the key of this backend. */
export function keyRoute({ names, live }: KeyRoute): Handler {
  return async (context) => {
    const account = names.find((name) => name === context.req.param('account'));
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
