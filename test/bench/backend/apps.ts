import { KITE } from '../../flow/backend/harness.ts';

/** An app has one session at a time, so the older design has an app of its own beside today's backend. */
export const OLDER_APP = { ...KITE, apiKey: 'olderkey' };

/** An app as the backend's account of it, for those who use the backend's broker client without the backend. */
export function accountOf(app: typeof KITE) {
  return {
    ...app,
    name: 'zerodha',
    user: null,
    userVariable: '',
    redirectMode: 'seal',
    orderMarket: 'nse-fo',
    startToken: null,
  } as const;
}
