import { z } from '../../../../utils/shared/schema.ts';
import type { AccountName } from '../../config/account-name.ts';
import { decrypt } from '../encryption.ts';
import type { Database } from '../sql.ts';
import { dayTokenPlace } from './session.ts';

const Row = z.object({ day_token: z.nullable(z.instanceof(Uint8Array)) });

export type Credentials = ReturnType<typeof openCredentials>;

/** The credential store of the Django system, for every account: the stored session's own token, so that the two never differ. */
export function openCredentials(db: Database, key: Buffer) {
  return {
    /** The token of the day; null where there was none yet, where it is over, or where it cannot be read. */
    async dayToken(account: AccountName): Promise<string | null> {
      const found = await db.get('SELECT day_token FROM sessions WHERE account = :account', { account });
      const encrypted = found === undefined ? null : z.parse(Row, found).day_token;
      return encrypted === null ? null : decrypt(key, dayTokenPlace(account), encrypted);
    },
  };
}
