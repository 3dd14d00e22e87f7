import { Hono } from 'hono';
import type { BrokerId } from '../../../../utils/shared/contract.ts';
import { readFields, textField } from '../../http/fields.ts';
import { type Enter, refusedWords } from '../../session/entry.ts';
import type { ManagerState } from './manager-state.ts';
import type { Refreshed } from './refresh.ts';

export interface SessionManagerRoutes {
  state(): Promise<ManagerState>;
  refresh(account: BrokerId): Promise<Refreshed>;
  enter: Enter;
  loginUrl(account: BrokerId): string;
}

/** `GET` and `POST /api/session-manager`, for the Breeze session as in the Next.js system. */
export function sessionManagerRoutes({ state, refresh, enter, loginUrl }: SessionManagerRoutes): Hono {
  const routes = new Hono();
  routes.get('/api/session-manager', async (context) => context.json(await state()));
  routes.post('/api/session-manager', async (context) => {
    const fields = await readFields(context);
    if (fields.action === 'refresh') {
      const refreshed = await refresh('icici');
      if (refreshed.ok) return context.json({ success: true, message: 'The session lives.', ...(await state()) });
      const login = refreshed.loginNeeded ? { login_needed: true, login_url: loginUrl('icici') } : {};
      return context.json({ success: false, error: refreshed.words, ...login, ...(await state()) });
    }
    if (fields.action === 'update') {
      const outcome = await enter('icici', textField(fields, 'sessionToken'));
      return outcome.ok
        ? context.json({ success: true, message: 'The session is updated.', ...(await state()) })
        : context.json({ success: false, error: refusedWords(outcome), ...(await state()) });
    }
    return context.json({ success: false, error: 'action must be "refresh" or "update"' }, 400);
  });
  return routes;
}
