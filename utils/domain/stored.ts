import { Ask, Login, Seen } from './capture.ts';
import { Delivery } from './delivery.ts';
import { SessionFacts } from './facts.ts';
import { Log } from './log.ts';
import type { Kind } from './records.ts';
import { z } from './schema.ts';
import { Account, Destination } from './settings.ts';

/**
 * Every kind of record there is. What holds a token lives in memory only, which an update of the extension empties, so
 * it needs no migrations; the rest lives on disk, and each change of its shape adds one, with a stored example of the
 * older shape in `test/fixtures`.
 */
export const STORED = {
  account: { schema: Account, migrations: [] },
  destination: { schema: Destination, migrations: [] },
  facts: { schema: SessionFacts, migrations: [(facts) => ({ ...facts, pending: null })] },
  secret: { schema: z.string(), migrations: [] },
  ledger: { schema: z.record(z.string(), z.int()), migrations: [] },
  log: { schema: Log, migrations: [] },
  delivery: { schema: Delivery, migrations: [] },
  ask: { schema: Ask, migrations: [] },
  login: { schema: Login, migrations: [] },
  seen: { schema: Seen, migrations: [] },
} satisfies Record<string, Kind>;
