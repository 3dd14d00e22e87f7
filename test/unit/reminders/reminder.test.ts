import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES, type Preferences } from '../../../utils/domain/accounts/preferences.ts';
import {
  dueReminder,
  nextReminderAt,
  noReminders,
  type ReminderRecord,
} from '../../../utils/domain/reminders/reminder.ts';
import { didShow, muteToday, notShown, snooze, willShow } from '../../../utils/domain/reminders/shown-reminders.ts';
import type { World } from '../../../utils/domain/session/world.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import {
  account,
  facts,
  iso,
  ist,
  login,
  plain,
  report,
  session,
  trouble,
  WELL,
  world,
} from '../../support/samples/samples.ts';

const PREFERENCES: Preferences = { ...DEFAULT_PREFERENCES, notify: true };
const KNOWN = { ...noReminders('account1') };

/** A Zerodha session made at a moment, as the backend tells of it a second before now. */
function told(now: number, made: string, change: Parameters<typeof session>[0] = {}, more = {}): Partial<World> {
  const at = ist(made);
  const one = session({ exchanged_at: iso(at), verified_at: iso(at), expires_at: null, ...change });
  return {
    now,
    facts: new Map([['destination1', facts({ report: report({ at: now - 1_000, session: one, ...more }) })]]),
  };
}

function viewOf(change: Partial<World>) {
  const [view] = overview(world(change), WELL).accounts;
  if (!view) throw new Error('no account is shown');
  return view;
}

const reminded = (change: Partial<World>, record: ReminderRecord = KNOWN, preferences = PREFERENCES) =>
  dueReminder(viewOf(change), record, preferences, change.now ?? 0);

const at = (text: string, made: string, change = {}, more = {}) => told(ist(text), made, change, more);
const hours24 = { rule: { ttlMs: 86_400_000 }, renewsItself: false };
const yahoo = { state: 'live' as const, first_tick_at: null, last_tick_at: null, source: 'yahoo' };

describe('what is due', () => {
  it.each<[kind: string | null, when: string, World: Partial<World>]>([
    [null, 'the session lives', at('2026-11-20 10:00', '2026-11-20 09:00')],
    [null, 'it ended before the morning’s time', at('2026-11-20 08:44:59', '2026-11-19 09:00')],
    ['morning', 'it ended, and it is time', at('2026-11-20 08:45', '2026-11-19 09:00')],
    ['morning', 'nobody looked before noon', at('2026-11-20 12:00', '2026-11-19 09:00')],
    [null, 'the market has closed', at('2026-11-20 15:40', '2026-11-19 09:00')],
    [null, 'it is a weekend', at('2026-11-21 10:00', '2026-11-19 09:00')],
    [null, 'it is a holiday', at('2026-11-24 10:00', '2026-11-19 09:00')],
    ['morning', 'there never was a login', { now: ist('2026-11-20 08:45') }],
    [
      null,
      'the account was set up today',
      { now: ist('2026-11-20 10:00'), accounts: [account({ createdAt: ist('2026-11-20 09:30') })] },
    ],
    [
      null,
      'a login is under way',
      { ...at('2026-11-20 08:45', '2026-11-19 09:00'), accounts: [account({ paused: true })] },
    ],
    ['rejected', 'the broker rejected it', at('2026-11-20 11:00', '2026-11-20 09:00', { state: 'rejected' })],
    [null, 'that was in quiet hours', at('2026-11-20 22:00', '2026-11-20 09:00', { state: 'rejected' })],
    ['rejected', 'quiet hours are over', at('2026-11-20 07:00', '2026-11-20 06:10', { state: 'rejected' })],
    [
      'expired',
      'it ended in market hours',
      at('2026-11-20 11:00', '2026-11-20 09:00', { expires_at: iso(ist('2026-11-20 11:00')) }),
    ],
    [
      null,
      'it ended after them',
      at('2026-11-20 16:00', '2026-11-20 09:00', { expires_at: iso(ist('2026-11-20 16:00')) }),
    ],
    [
      'due-soon',
      'it ends in half an hour',
      { ...at('2026-11-20 10:30', '2026-11-19 11:00'), accounts: [account({ clock: hours24 })] },
    ],
    [
      'renew-now',
      'it ends in a quarter of an hour',
      { ...at('2026-11-20 10:45', '2026-11-19 11:00'), accounts: [account({ clock: hours24 })] },
    ],
    [
      null,
      'it ends in half an hour, after the close',
      { ...at('2026-11-20 16:30', '2026-11-19 17:00'), accounts: [account({ clock: hours24 })] },
    ],
    ['fallback', 'a stand-in serves the prices', at('2026-11-20 10:00', '2026-11-20 09:00', {}, { feed: yahoo })],
    [null, 'it does so while the market is closed', at('2026-11-20 18:00', '2026-11-20 09:00', {}, { feed: yahoo })],
    [
      'morning',
      'the session is over and the backend away',
      {
        now: ist('2026-11-20 08:45'),
        facts: new Map([
          [
            'destination1',
            facts({
              report: report({
                at: ist('2026-11-19 20:00'),
                session: session({
                  exchanged_at: iso(ist('2026-11-19 09:00')),
                  verified_at: iso(ist('2026-11-19 09:00')),
                }),
              }),
              checkTrouble: trouble('unreachable', { at: ist('2026-11-20 08:44') }),
            }),
          ],
        ]),
      },
    ],
    [
      'morning',
      'a plain destination’s session is over',
      {
        now: ist('2026-11-20 08:45'),
        destinations: [plain()],
        facts: new Map([
          [
            'destination1',
            facts({
              login: {
                delivery: 'ob_x',
                via: 'redirect',
                capturedAt: ist('2026-11-19 09:00'),
                endedAt: ist('2026-11-19 09:00'),
                end: 'accepted',
                trouble: null,
              },
            }),
          ],
        ]),
      },
    ],
  ])('is %s when %s', (kind, _when, change) => expect(reminded(change)?.kind ?? null).toBe(kind));

  it('is nothing at all where it was not asked for', () => {
    expect(reminded(at('2026-11-20 08:45', '2026-11-19 09:00'), KNOWN, DEFAULT_PREFERENCES)).toBeNull();
  });

  it('waits for the first login that lasts, though the person rises early', () => {
    const early = { ...PREFERENCES, morning: { hour: 6, minute: 15 }, quiet: null };
    expect(reminded(at('2026-11-20 07:29:59', '2026-11-19 09:00'), KNOWN, early)).toBeNull();
    expect(reminded(at('2026-11-20 07:30', '2026-11-19 09:00'), KNOWN, early)?.kind).toBe('morning');
    const icici = { accounts: [account({ broker: 'icici' })] };
    const midnight = { ...early, morning: { hour: 0, minute: 0 } };
    expect(reminded({ ...at('2026-11-20 00:00', '2026-11-19 09:00'), ...icici }, KNOWN, midnight)?.kind).toBe(
      'morning',
    );
  });

  it('names the broker and times only (LEAK-04)', () => {
    const due = reminded(at('2026-11-20 08:45', '2026-11-19 09:00', { user: 'AB****' }));
    expect(due).toMatchObject({ title: 'Zerodha: log in', message: 'The session ended at 06:00.' });
    expect(JSON.stringify(due)).not.toMatch(/AB\*|main|kitekey/);
  });
});

describe('what was shown', () => {
  const dead = at('2026-11-20 08:45', '2026-11-19 09:00');
  const now = dead.now ?? 0;
  const due = reminded(dead);
  if (!due) throw new Error('nothing is due');
  const shown = didShow(willShow(KNOWN, due, now));

  it('is not shown again, also not on a day that comes twice', () => {
    expect(reminded(dead, shown)).toBeNull();
    expect(reminded(at('2026-11-20 10:00', '2026-11-19 09:00'), shown)).toBeNull();
    const monday = reminded(at('2026-11-23 08:45', '2026-11-19 09:00'), shown);
    expect(monday?.key).toBe('morning:2026-11-23');
    expect(
      reminded(at('2026-11-20 08:45', '2026-11-19 09:00'), didShow(willShow(shown, monday ?? due, now))),
    ).toBeNull();
  });

  it('is due again where the browser did not come to show it', () => {
    expect(reminded(dead, notShown(willShow(KNOWN, due, now)))).toEqual(due);
  });

  it('is followed by one “live”, on the same day', () => {
    const green = at('2026-11-20 09:00', '2026-11-20 08:59');
    const back = reminded(green, shown);
    expect(back?.kind).toBe('green');
    expect(reminded(green, KNOWN)).toBeNull();
    expect(reminded(green, didShow(willShow(shown, back ?? due, now)))).toBeNull();
    expect(reminded(at('2026-11-23 09:00', '2026-11-23 08:59'), shown)).toBeNull();
  });

  it('comes back after a snooze while it holds, and not after “not today”', () => {
    const snoozed = snooze(shown, now);
    expect(reminded(at('2026-11-20 08:54:59', '2026-11-19 09:00'), snoozed)).toBeNull();
    expect(reminded(at('2026-11-20 08:55', '2026-11-19 09:00'), snoozed)?.kind).toBe('morning');
    expect(reminded(at('2026-11-20 08:55', '2026-11-20 08:50'), snoozed)).toBeNull();
    // The clock was set back a day: the snooze lies further ahead than any can.
    expect(reminded(at('2026-11-19 10:00', '2026-11-18 09:00'), snoozed)?.kind).toBe('morning');
    const muted = muteToday(shown, now);
    expect(reminded(at('2026-11-20 11:00', '2026-11-20 09:00', { state: 'rejected' }), muted)).toBeNull();
    expect(reminded(at('2026-11-23 08:45', '2026-11-19 09:00'), muted)?.kind).toBe('morning');
  });

  it('is kept for some weeks, not for ever', () => {
    let record: ReminderRecord = KNOWN;
    for (let day = 0; day < 200; day++) record = willShow(record, { ...due, key: `morning:${day}` }, now);
    expect(record.shown.length).toBe(60);
    expect(record.shown.at(-1)?.key).toBe('morning:199');
  });
});

describe('the next look', () => {
  it.each([
    ['2026-11-20 06:00', '2026-11-20 07:00'],
    ['2026-11-20 07:00', '2026-11-20 07:30'],
    ['2026-11-20 07:30', '2026-11-20 08:45'],
    ['2026-11-20 08:45', '2026-11-20 09:00'],
    ['2026-11-20 16:00', '2026-11-23 07:00'],
    ['2026-11-23 16:00', '2026-11-25 07:00'],
  ])('after %s is at %s', (now, next) => {
    expect(nextReminderAt(viewOf({ now: ist(now) }), KNOWN, PREFERENCES, ist(now))).toBe(ist(next));
  });
  it('is the end of a snooze', () => {
    const now = ist('2026-11-20 10:00');
    expect(nextReminderAt(viewOf({ now }), snooze(KNOWN, now), PREFERENCES, now)).toBe(now + 600_000);
  });
});

/**
 * Two days in the life of an account, looked at whenever a random schedule says: alarms that come late, doubled or not at
 * all, a background killed at any point of showing, sleeps, and a clock that is set wrong and right again.
 */
describe('any schedule', () => {
  const THURSDAY = ist('2026-11-19 00:00');
  const event = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        wait: fc.integer({ min: 1, max: 90 }),
        dies: fc.constantFrom('no', 'no', 'no', 'before', 'after'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 120, max: 900 }), dies: fc.constant('no') }) },
  );
  const schedules = fc.record({
    logins: fc.array(fc.integer({ min: 0, max: 2 * 1_440 }), { maxLength: 3 }),
    events: fc.array(event, { minLength: 40, maxLength: 120 }),
    jump: fc.record({ from: fc.nat(100), to: fc.nat(100), hours: fc.integer({ min: -24, max: 24 }) }),
  });

  interface Screen {
    record: ReminderRecord;
    shown: string[];
    onScreen: string | null;
  }

  /** One look, as the service makes it: leftovers of a dead life first, then what is due. */
  function look(screen: Screen, change: Partial<World>, dies: string): void {
    if (screen.record.showing !== null)
      screen.record = screen.onScreen === screen.record.showing ? didShow(screen.record) : notShown(screen.record);
    const due = reminded(change, screen.record);
    if (!due) return;
    screen.record = willShow(screen.record, due, change.now ?? 0);
    if (dies === 'before') return;
    screen.shown.push(due.key);
    screen.onScreen = due.key;
    if (dies === 'after') return;
    screen.record = didShow(screen.record);
  }

  it('repeats no reminder and loses none', () => {
    let jumps = 0;
    let mornings = 0;
    fc.assert(
      fc.property(schedules, ({ logins, events, jump }) => {
        const screen: Screen = { record: KNOWN, shown: [], onScreen: null };
        const chances = new Set<string>();
        let minute = 0;
        for (const [index, { wait, dies }] of events.entries()) {
          minute += wait;
          const isWrong = index >= jump.from && index < jump.to && jump.hours !== 0;
          const real = THURSDAY + minute * 60_000;
          const now = real + (isWrong ? jump.hours * 3_600_000 : 0);
          const made = logins.filter((one) => one <= minute).sort((a, b) => b - a)[0];
          const accounts = [account({ createdAt: THURSDAY - 1e9 })];
          // The backend's clock is right all the time, so a wrong one of ours shows as a difference.
          const change: Partial<World> =
            made === undefined
              ? { now, accounts }
              : {
                  ...told(
                    now,
                    '2026-11-19',
                    { exchanged_at: iso(THURSDAY + made * 60_000), verified_at: iso(THURSDAY + made * 60_000) },
                    { skewMs: real - now },
                  ),
                  accounts,
                };
          look(screen, change, dies);
          const view = viewOf(change);
          const time = minute % 1_440;
          const isDue = view.status === 'never' || view.status === 'expired';
          if (!isWrong && dies === 'no' && isDue && time >= 525 && time < 940 && minute < 2 * 1_440)
            chances.add(`morning:2026-11-${19 + Math.floor(minute / 1_440)}`);
          if (isWrong) jumps++;
        }
        expect(new Set(screen.shown).size, screen.shown.join(' ')).toBe(screen.shown.length);
        for (const key of chances) {
          mornings++;
          expect(screen.shown).toContain(key);
        }
      }),
      { numRuns: 500 },
    );
    expect(jumps).toBeGreaterThan(500);
    expect(mornings).toBeGreaterThan(200);
  });
});

it('a login in a tab is none of a reminder’s business', () => {
  expect(reminded({ ...at('2026-11-20 08:45', '2026-11-19 09:00'), logins: [login()] })?.kind).toBe('morning');
});
