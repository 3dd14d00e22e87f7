import type { DatabaseSync } from 'node:sqlite';
import { z } from '../../../utils/domain/schema.ts';
import { DAY } from '../../../utils/domain/time.ts';
import { seal, unseal } from '../seal.ts';

const Row = z.object({ session_token: z.nullable(z.instanceof(Uint8Array)), last_session_update: z.int() });

export type Credentials = ReturnType<typeof openCredentials>;

/** The credential store of the Django system: one row a service, its session token encrypted. Times are epoch ms. */
export function openCredentials(db: DatabaseSync, key: Buffer) {
  const select = db.prepare('SELECT session_token, last_session_update FROM credentials WHERE service = ?');
  const replace = db.prepare('INSERT OR REPLACE INTO credentials VALUES (?, ?, ?)');
  const clear = db.prepare('UPDATE credentials SET session_token = NULL WHERE last_session_update < ?');
  const place = (service: string) => `credential ${service}`;

  return {
    put: (service: string, token: string, now: number) => replace.run(service, seal(key, place(service), token), now),

    /** The stored token, null where there is none or where it cannot be read, and when it was last changed. */
    get(service: string): { sessionToken: string | null; lastSessionUpdate: number } | null {
      const found = select.get(service);
      if (found === undefined) return null;
      const { session_token: sealed, last_session_update: lastSessionUpdate } = z.parse(Row, found);
      return { sessionToken: sealed === null ? null : unseal(key, place(service), sealed), lastSessionUpdate };
    },

    /** A day token is worth nothing after a day. */
    purge: (now: number) => clear.run(now - DAY),
  };
}
