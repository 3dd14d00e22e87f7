import { KITE } from '../../flow/backend/harness.ts';

/** An app has one session at a time, so the older design has an app of its own beside today's backend. */
export const OLDER_APP = { ...KITE, apiKey: 'olderkey' };
