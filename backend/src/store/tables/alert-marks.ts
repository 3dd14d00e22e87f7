import type { Told } from '../../../../utils/shared/reminders.ts';
import { DAY, HOUR, istClock, MINUTE } from '../../../../utils/shared/time.ts';
import type { Database } from '../sql.ts';

const KEEP_MS = 72 * HOUR;
/** A session that was rejected before a long holiday is not reminded of again after it. */
const KEEP_REMINDERS_MS = 60 * DAY;
/** The extension asks every five minutes or so; after two of its questions it is taken for closed. */
const OPEN_MS = 12 * MINUTE;
/** What is written once a minute is new enough. */
const SEEN_EVERY_MS = MINUTE;

const REMINDED = 'reminded ';
const SHOWN = 'shown ';
const SEEN = 'seen';

/** `elsewhere`: it went to the channels. `screen`: the open extension said it. */
export type Place = 'elsewhere' | 'screen';

export type AlertMarks = ReturnType<typeof openAlertMarks>;

/** What was told of which session, so that neither a restart nor another process on the same data tells it again. */
export function openAlertMarks(db: Database) {
  /** True for the first one that asks. `session`: the time of its exchange, which names it. */
  const first = async (alert: string, account: string, session: string, now: number): Promise<boolean> =>
    (await db.run('INSERT INTO alert_marks VALUES (:alert, :account, :session, :now) ON CONFLICT DO NOTHING', {
      alert,
      account,
      session,
      now,
    })) === 1;
  const seenAt = new Map<string, number>();

  return {
    first,

    /** True for the one process that is to say it. */
    remind: (account: string, { kind, key }: Pick<Told, 'kind' | 'key'>, place: Place, now: number) =>
      first((place === 'screen' ? SHOWN : REMINDED) + kind, account, key, now),

    /** Every reminder of an account that was said, oldest first. */
    async told(account: string): Promise<(Told & { place: Place })[]> {
      const rows = await db.all(
        `SELECT alert, session, at FROM alert_marks
         WHERE account = :account AND (alert LIKE 'reminded %' OR alert LIKE 'shown %') ORDER BY at, session`,
        { account },
      );
      return rows.map(({ alert, session, at }) => {
        const [place, kind = ''] = String(alert).split(' ');
        const date = istClock(Number(at)).date;
        return { key: String(session), kind, date, place: `${place} ` === SHOWN ? 'screen' : 'elsewhere' };
      });
    },

    /** Notes that the account's extension has just asked. */
    async see(account: string, now: number): Promise<void> {
      if (Math.abs(now - (seenAt.get(account) ?? 0)) < SEEN_EVERY_MS) return;
      seenAt.set(account, now);
      await db.run(
        `INSERT INTO alert_marks VALUES (:alert, :account, '', :now)
         ON CONFLICT (alert, account, session) DO UPDATE SET at = excluded.at`,
        { alert: SEEN, account, now },
      );
    },

    /** True while the account's extension asks regularly: its browser is open. */
    async isOpen(account: string, now: number): Promise<boolean> {
      const row = await db.get('SELECT at FROM alert_marks WHERE alert = :alert AND account = :account', {
        alert: SEEN,
        account,
      });
      return row !== undefined && Math.abs(now - Number(row.at)) < OPEN_MS;
    },

    purge: (now: number) =>
      db.run(
        `DELETE FROM alert_marks WHERE at < :reminders
           OR (at < :before AND alert NOT LIKE 'reminded %' AND alert NOT LIKE 'shown %')`,
        { before: now - KEEP_MS, reminders: now - KEEP_REMINDERS_MS },
      ),
  };
}
