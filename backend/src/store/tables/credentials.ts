import { z } from '../../../../utils/shared/schema.ts';
import { decrypt } from '../encryption.ts';
import type { Database } from '../sql.ts';
import { dayTokenPlace } from './session.ts';

const Row = z.object({ session_token: z.nullable(z.instanceof(Uint8Array)), last_session_update: z.int() });

export type Credentials = ReturnType<typeof openCredentials>;

/**
 * The credential store of the Django system, as it asks for it: one row for `breeze`. It shows the stored session's own
 * token, so that the two never differ. Times are epoch ms.
 */
export function openCredentials(db: Database, key: Buffer) {
  return {
    /** The stored token, null where it is over or cannot be read, and when it was last changed; null where there was none yet. */
    async breeze(): Promise<{ sessionToken: string | null; lastSessionUpdate: number } | null> {
      const found = await db.get("SELECT session_token, last_session_update FROM credentials WHERE service = 'breeze'");
      if (found === undefined) return null;
      const { session_token: encrypted, last_session_update: lastSessionUpdate } = z.parse(Row, found);
      const sessionToken = encrypted === null ? null : decrypt(key, dayTokenPlace('icici'), encrypted);
      return { sessionToken, lastSessionUpdate };
    },
  };
}
