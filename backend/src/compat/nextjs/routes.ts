import { Hono } from 'hono';
import type { AccountName } from '../../config/account-name.ts';
import { readFields, textField } from '../../http/fields.ts';
import { type Enter, refusedWords } from '../../session/entry.ts';
import type { BreezeAccount } from '../breeze-account.ts';
import type { ManagerState } from './manager-state.ts';
import type { Refreshed } from './refresh.ts';

export interface SessionManagerRoutes {
  state(account: AccountName): Promise<ManagerState>;
  refresh(account: AccountName): Promise<Refreshed>;
  enter: Enter;
  loginUrl(account: AccountName): string;
  breeze: BreezeAccount;
}

/** `GET` and `POST /api/session-manager`, for the Breeze session as in the Next.js system. */
export function sessionManagerRoutes({ state, refresh, enter, loginUrl, breeze }: SessionManagerRoutes): Hono {
  const routes = new Hono();
  routes.get('/api/session-manager', breeze.isKnown, async (context) => context.json(await state(breeze.of(context))));
  routes.post('/api/session-manager', breeze.isKnown, async (context) => {
    const account = breeze.of(context);
    const fields = await readFields(context);
    if (fields.action === 'refresh') {
      const refreshed = await refresh(account);
      if (refreshed.ok)
        return context.json({ success: true, message: 'The session lives.', ...(await state(account)) });
      const login = refreshed.loginNeeded ? { login_needed: true, login_url: loginUrl(account) } : {};
      return context.json({ success: false, error: refreshed.words, ...login, ...(await state(account)) });
    }
    if (fields.action === 'update') {
      const outcome = await enter(account, textField(fields, 'sessionToken'));
      return outcome.ok
        ? context.json({ success: true, message: 'The session is updated.', ...(await state(account)) })
        : context.json({ success: false, error: refusedWords(outcome), ...(await state(account)) });
    }
    return context.json({ success: false, error: 'action must be "refresh" or "update"' }, 400);
  });
  return routes;
}
