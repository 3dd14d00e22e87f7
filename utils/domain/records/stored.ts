import { z } from '../../shared/schema.ts';
import { Preferences } from '../accounts/preferences.ts';
import { Account, Destination } from '../accounts/settings.ts';
import type { Kind } from '../base/records.ts';
import { Ask, Login, Seen } from '../capture/capture.ts';
import { Notice } from '../capture/notice.ts';
import { Outcome } from '../capture/outcome.ts';
import { Dashboard, Lost } from '../dashboards/dashboard.ts';
import { Delivery } from '../delivery/delivery.ts';
import { History } from '../history/history.ts';
import { ReminderRecord } from '../reminders/reminder.ts';
import { Attempts } from '../reminders/renewal.ts';
import { ClockSeen } from '../session/clock-jump.ts';
import { SessionFacts } from '../session/facts.ts';
import { Round } from '../session/round.ts';
import { Log } from './log.ts';

/**
 * Every kind of record there is. What holds a token lives in memory only, which an update of the extension empties, so
 * it needs no migrations; the rest lives on disk, and each change of its shape adds one, with a stored example of the
 * older shape in `test/fixtures`.
 */
export const STORED = {
  // Fields that may be missing, the account's clock and its container, the destination's status page and whether it or a
  // dashboard is confirmed: no older version can read them. The last version of each belongs to `further-destinations.ts`.
  account: {
    schema: Account,
    migrations: [(account) => account, (account) => account, ({ copyOf: _of, ...account }) => account],
  },
  destination: {
    schema: Destination,
    migrations: [(one) => one, (one) => one, (one) => ({ ...one, createdAt: one.savedAt })],
  },
  // Version 3 knows a notice that an older version does not: of a login that was lost.
  facts: {
    schema: SessionFacts,
    migrations: [
      (facts) => ({ ...facts, pending: null }),
      (facts) => facts,
      ({ account, notice: _notice, ...facts }) => ({ ...facts, destination: account }),
    ],
  },
  notice: { schema: Notice, migrations: [] },
  secret: { schema: z.string(), migrations: [] },
  ledger: { schema: z.record(z.string(), z.int()), migrations: [] },
  // Fields that may be missing: the delivery's name, its destination, the size of what was sent.
  log: { schema: Log, migrations: [(log) => log] },
  preferences: { schema: Preferences, migrations: [] },
  clock: { schema: ClockSeen, migrations: [] },
  reminders: { schema: ReminderRecord, migrations: [] },
  history: { schema: History, migrations: [] },
  attempts: { schema: Attempts, migrations: [] },
  dashboard: { schema: Dashboard, migrations: [(dashboard) => dashboard] },
  delivery: { schema: Delivery, migrations: [] },
  ask: { schema: Ask, migrations: [] },
  login: { schema: Login, migrations: [] },
  seen: { schema: Seen, migrations: [] },
  outcome: { schema: Outcome, migrations: [] },
  lost: { schema: Lost, migrations: [] },
  round: { schema: Round, migrations: [] },
  cancelled: { schema: z.int(), migrations: [] },
} satisfies Record<string, Kind>;
