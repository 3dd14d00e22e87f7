import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { watchedOf } from '../../../backend/src/reminders/standing.ts';
import { DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import { dueReminder, noReminders } from '../../../utils/domain/reminders/reminder.ts';
import { didShow, willShow } from '../../../utils/domain/reminders/shown-reminders.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId, SessionState } from '../../../utils/shared/contract.ts';
import { sessionExpiry } from '../../../utils/shared/expiry.ts';
import { dueMoment, type Told } from '../../../utils/shared/reminders.ts';
import { DAY, formatIst, istClock, MINUTE } from '../../../utils/shared/time.ts';
import { account, facts, iso, ist, report, session, WELL, world } from '../../support/samples/samples.ts';

const PREFERENCES = { ...DEFAULT_PREFERENCES, notify: true };
/** A week with a weekend and, on Tuesday the 24th, a holiday. */
const BEGIN = ist('2026-11-19 00:00');
const WEEK_MS = 8 * DAY;
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Auckland'];

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** A login, and when the broker ended its session before its time. */
interface Login {
  at: number;
  rejectedAt?: number | undefined;
}

function stateAt(broker: BrokerId, logins: readonly Login[], now: number): SessionState {
  const last = logins.filter(({ at }) => at <= now).at(-1);
  const none = { state: 'none', delivery: null, exchanged_at: null, verified_at: null, expires_at: null } as const;
  if (last === undefined) return session({ ...none, user: null });
  const { at, rejectedAt } = last;
  const endsAt = sessionExpiry(brokers[broker].session, at);
  const isRejected = rejectedAt !== undefined && rejectedAt <= now;
  const state = endsAt <= now ? 'expired' : isRejected ? 'rejected' : 'verified';
  return session({ state, exchanged_at: iso(at), verified_at: iso(at), expires_at: iso(endsAt) });
}

interface Said {
  browser: string[];
  backend: string[];
}

/** Both clocks over the same week, each with its own memory. */
function play(broker: BrokerId, logins: readonly Login[], stepMs: number): Said {
  const rule = brokers[broker].session;
  const mine = account({ broker, createdAt: BEGIN - DAY });
  let record = noReminders(mine.id);
  const told: Told[] = [];
  const said: Said = { browser: [], backend: [] };
  for (let now = BEGIN; now < BEGIN + WEEK_MS; now += stepMs) {
    const one = stateAt(broker, logins, now);
    const heard = facts({ report: report({ at: now, session: one }) });
    const [view] = overview(
      world({ now, accounts: [mine], facts: new Map([[heard.destination, heard]]) }),
      WELL,
    ).accounts;
    const shown = view ? dueReminder(view, record, PREFERENCES, now) : null;
    if (shown !== null) {
      record = didShow(willShow(record, shown, now));
      said.browser.push(line(now, shown.key));
    }
    const watched = watchedOf({ session: one, feed: undefined, rule, calendar: PREFERENCES, feedLostAt: null }, now);
    const due = dueMoment(watched, told, PREFERENCES, now);
    if (due !== null) {
      told.push({ ...due, date: istClock(now).date });
      said.backend.push(line(now, due.key));
    }
  }
  return said;
}

const line = (now: number, key: string) => `${istClock(now).date} ${formatIst(now)} ${key}`;

const WEEK: Login[] = [
  { at: ist('2026-11-19 08:50') },
  { at: ist('2026-11-20 09:05'), rejectedAt: ist('2026-11-20 11:00') },
  { at: ist('2026-11-20 11:10') },
  { at: ist('2026-11-25 08:30'), rejectedAt: ist('2026-11-25 22:30') },
];

describe('a week of the backend’s reminders beside the extension’s own', () => {
  it.each(ZONES)('says the same at the same moments on a machine in %s', (name) => {
    process.env.TZ = name;
    const { browser, backend } = play('zerodha', WEEK, MINUTE);
    expect(backend).toEqual(browser);
    const days = backend.map((one) => one.replace(/^(\S+ \S+ [a-z-]+):.*/, '$1'));
    expect(days).toEqual([
      '2026-11-19 08:45 morning',
      '2026-11-19 08:50 green',
      '2026-11-20 08:45 morning',
      '2026-11-20 09:05 green',
      '2026-11-20 11:00 rejected',
      '2026-11-20 11:10 green',
      '2026-11-23 08:45 morning',
      // Tuesday is a holiday; the login of Wednesday came before the morning's reminder.
      // The rejection of Wednesday night fell into quiet hours, and the session had ended before they were over.
      '2026-11-26 08:45 morning',
    ]);
  });

  it.each<BrokerId>(['zerodha', 'icici'])('says the same after any logins at %s, and nothing twice', (broker) => {
    const step = 15;
    const minutes = fc.integer({ min: 0, max: WEEK_MS / MINUTE / step });
    const Login = fc.record({ at: minutes, lasts: fc.option(fc.integer({ min: 1, max: 60 })) });
    fc.assert(
      fc.property(fc.uniqueArray(Login, { maxLength: 6, selector: ({ at }) => at }), (drawn) => {
        const moment = (at: number) => BEGIN + at * step * MINUTE;
        const logins = drawn
          .sort((a, b) => a.at - b.at)
          .map(({ at, lasts }) => ({ at: moment(at), rejectedAt: lasts === null ? undefined : moment(at + lasts) }));
        const { browser, backend } = play(broker, logins, step * MINUTE);
        expect(backend).toEqual(browser);
        const keys = backend.map((one) => one.slice(17));
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 15 },
    );
  });
});
