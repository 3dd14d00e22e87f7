import { Ask, Login, Seen } from './capture.ts';
import { Dashboard, Lost } from './dashboard.ts';
import { Delivery } from './delivery.ts';
import { SessionFacts } from './facts.ts';
import { History } from './history.ts';
import { ClockSeen } from './jump.ts';
import { Log } from './log.ts';
import { Preferences } from './preferences.ts';
import type { Kind } from './records.ts';
import { ReminderLedger } from './reminder.ts';
import { Attempts } from './renewal.ts';
import { z } from './schema.ts';
import { Account, Destination } from './settings.ts';

/**
 * Every kind of record there is. What holds a token lives in memory only, which an update of the extension empties, so
 * it needs no migrations; the rest lives on disk, and each change of its shape adds one, with a stored example of the
 * older shape in `test/fixtures`.
 */
export const STORED = {
  // Fields that may be missing, the account's clock, the destination's status page and whether it or a dashboard is
  // confirmed: no older version can read them.
  account: { schema: Account, migrations: [(account) => account] },
  destination: { schema: Destination, migrations: [(destination) => destination, (destination) => destination] },
  facts: { schema: SessionFacts, migrations: [(facts) => ({ ...facts, pending: null })] },
  secret: { schema: z.string(), migrations: [] },
  ledger: { schema: z.record(z.string(), z.int()), migrations: [] },
  // Fields that may be missing: the delivery's name, its destination, the size of what was sent.
  log: { schema: Log, migrations: [(log) => log] },
  preferences: { schema: Preferences, migrations: [] },
  clock: { schema: ClockSeen, migrations: [] },
  reminders: { schema: ReminderLedger, migrations: [] },
  history: { schema: History, migrations: [] },
  attempts: { schema: Attempts, migrations: [] },
  dashboard: { schema: Dashboard, migrations: [(dashboard) => dashboard] },
  delivery: { schema: Delivery, migrations: [] },
  ask: { schema: Ask, migrations: [] },
  login: { schema: Login, migrations: [] },
  seen: { schema: Seen, migrations: [] },
  lost: { schema: Lost, migrations: [] },
  cancelled: { schema: z.int(), migrations: [] },
} satisfies Record<string, Kind>;
