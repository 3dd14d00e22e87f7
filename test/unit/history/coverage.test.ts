import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf } from '../../../utils/domain/base/interval.ts';
import { tellDay } from '../../../utils/domain/base/market-words.ts';
import { type CoveredDay, coverage, monthOf } from '../../../utils/domain/history/coverage.ts';
import { factsOf } from '../../../utils/domain/history/day-facts.ts';
import { type HistoryEntry, HistoryKind } from '../../../utils/domain/history/history.ts';
import { type Calendar, MARKET_IDS, NSE_FO } from '../../../utils/shared/market.ts';
import { DAY, formatIst, HOUR, MINUTE } from '../../../utils/shared/time.ts';
import { ist } from '../../support/samples/samples.ts';

/** A history as lines: `session 17 09:26 > 18 06:00`, on days of November 2026; an end may be missing. */
function told(...lines: string[]): HistoryEntry[] {
  const at = (text = '') => {
    const [day = '', clock = ''] = text.trim().split(' ');
    return ist(`2026-11-${day.padStart(2, '0')} ${clock}`);
  };
  return lines.map((line, index) => {
    const [, kind, from, until] = /^(\S+) ([^>]+)(?:> (.+))?$/.exec(line) ?? [];
    return {
      key: `${kind}:${index}`,
      kind: HistoryKind.parse(kind),
      at: at(from),
      until: kind === 'login' || kind === 'failed-login' ? at(from) : until === undefined ? null : at(until),
    };
  });
}

/** A day as a line: what it is, its share, and its gaps. */
function line({ kind, share, gaps }: CoveredDay): string {
  const percent = share === null ? '' : ` ${Math.floor(share * 100)} %`;
  return [`${kind}${percent}`, ...gaps.map(({ why, from, to }) => `${why} ${formatIst(from)}-${formatIst(to)}`)].join(
    ', ',
  );
}

const on = (day: number, lines: string[], now = '2026-11-30 20:00', calendar: Calendar = NSE_FO): CoveredDay => {
  const date = `2026-11-${String(day).padStart(2, '0')}`;
  const found = coverage(told(...lines), calendar, '2026-11', ist(now)).days.find((one) => one.date === date);
  if (!found) throw new Error(`${date} is not shown`);
  return found;
};

// Something is known from the sixteenth on, a Monday whose session covers it.
const BEFORE = 'session 16 07:40 > 17 06:00';

describe('a day’s market hours', () => {
  it.each([
    ['a login in time', ['login 17 08:49', 'session 17 08:49 > 18 06:00'], 'trading 100 %'],
    ['a late one', ['login 17 09:26', 'session 17 09:26 > 18 06:00'], 'trading 97 %, late 09:15-09:26'],
    ['no login at all', [], 'trading 0 %, absent 09:15-15:40'],
    ['an outage', ['session 17 08:49 > 18 06:00', 'outage 17 10:02 > 17 10:43'], 'trading 89 %, outage 10:02-10:43'],
    ['an outage of seconds', ['session 17 08:49 > 18 06:00', 'outage 17 10:02 > 17 10:02:20'], 'trading 100 %'],
    [
      'an outage that nobody ended',
      ['session 17 08:49 > 18 06:00', 'outage 17 13:40'],
      'trading 68 %, outage 13:40-15:40',
    ],
    [
      'an outage that only a new session ended',
      ['session 17 08:49 > 18 06:00', 'outage 17 10:00', 'session 17 11:00 > 18 06:00'],
      'trading 84 %, outage 10:00-11:00',
    ],
    [
      'an outage while nobody was logged in',
      ['outage 17 09:00 > 17 09:40', 'session 17 09:26 > 18 06:00'],
      'trading 93 %, late 09:15-09:26, outage 09:26-09:40',
    ],
    [
      'two outages at once',
      ['session 17 08:49 > 18 06:00', 'outage 17 10:00 > 17 10:30', 'outage 17 10:10 > 17 11:00'],
      'trading 84 %, outage 10:00-11:00',
    ],
    [
      'a rejection, and a login after it',
      ['session 17 08:49 > 18 06:00', 'rejection 17 11:00', 'session 17 11:20 > 18 06:00'],
      'trading 94 %, rejected 11:00-11:20',
    ],
    [
      'a rejection to the day’s end',
      ['session 17 08:49 > 18 06:00', 'rejection 17 15:10'],
      'trading 92 %, rejected 15:10-15:40',
    ],
    [
      'a rejection before the opening, and a late login',
      ['session 17 06:40 > 18 06:00', 'rejection 17 07:31', 'session 17 09:45 > 18 06:00'],
      'trading 92 %, late 09:15-09:45',
    ],
    ['a session of eight hours', ['session 17 06:00 > 17 14:00'], 'trading 74 %, ended 14:00-15:40'],
    ['a session renewed in between', ['session 17 06:00 > 17 14:00', 'session 17 13:50 > 17 21:50'], 'trading 100 %'],
    ['one renewed within seconds', ['session 17 06:00 > 17 14:00', 'session 17 14:00:20 > 17 22:00'], 'trading 100 %'],
    ['a session whose end nobody said', ['session 17 09:00'], 'trading 100 %'],
    ['a failed login alone', ['failed-login 17 09:00'], 'trading 0 %, absent 09:15-15:40'],
  ])('%s: %j', (_, lines, says) => expect(line(on(17, [BEFORE, ...lines]))).toBe(says));

  it('end a session without an end with its own day', () => {
    expect(line(on(18, [BEFORE, 'session 17 09:00']))).toBe('trading 0 %, absent 09:15-15:40');
  });

  it.each([
    ['09:00', 'future'],
    ['09:15', 'future'],
    ['09:15:30', 'trading 0 %, absent 09:15-09:15'],
    ['12:00', 'trading 93 %, late 09:15-09:26'],
    ['15:40', 'trading 97 %, late 09:15-09:26'],
  ])('at %s of the same day: %s', (clock, says) => {
    const lines = clock === '09:15:30' ? [BEFORE] : [BEFORE, 'session 17 09:26 > 18 06:00'];
    expect(line(on(17, lines, `2026-11-17 ${clock}`))).toBe(says);
  });

  it.each<[what: string, day: number, calendar: Partial<Calendar>, says: string, name: string | null]>([
    ['a holiday', 24, {}, 'holiday', 'Guru Nanak Jayanti'],
    ['a special session whose hours nobody published', 8, {}, 'unpublished', 'Muhurat trading'],
    ['a day before all history', 13, {}, 'unknown', null],
    ['a day without a list, and without a login', 18, { market: 'mcx' }, 'unknown', null],
    ['a day without a list, with one', 17, { market: 'mcx' }, 'trading 96 %, late 09:00-09:30', null],
    ['the closing auction', 17, { market: 'nse-equity' }, 'trading 96 %, late 09:15-09:30', null],
    [
      'a Saturday that the person knows to trade',
      21,
      { own: own('2026-11-21', 'trading', [10, 11]) },
      'trading 0 %, absent 10:00-11:00',
      'mine',
    ],
    ['a holiday of the person’s own', 18, { own: own('2026-11-18', 'holiday', null) }, 'holiday', 'mine'],
  ])('on %s', (_, day, change, says, name) => {
    const lines = [
      BEFORE,
      'session 17 09:30 > 18 06:00',
      ...(change.market === 'mcx' ? ['outage 17 23:56 > 18 07:00'] : []),
    ];
    const found = on(day, lines, undefined, { ...NSE_FO, ...change });
    expect([line(found), found.name && tellDay(found.name)]).toEqual([says, name]);
  });

  it('are not those of a weekend like any other', () => {
    const { days } = coverage([], NSE_FO, '2026-11', ist('2026-11-30 20:00'));
    expect(days.map(({ date }) => Number(date.slice(8)))).toEqual([
      2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30,
    ]);
  });
});

function own(date: string, kind: 'holiday' | 'trading', hours: [number, number] | null): Calendar['own'] {
  const clock = (hour: number) => ({ hour, minute: 0 });
  const at = hours && { from: clock(hours[0]), to: clock(hours[1]) };
  return { days: [{ date, kind, name: 'mine', hours: at }], through: null };
}

describe('what is said of a day', () => {
  it('is each login, rejection and gap once, in order', () => {
    const day = on(17, [
      BEFORE,
      'session 17 06:40 > 18 06:00',
      'rejection 17 07:31',
      'failed-login 17 09:20',
      'login 17 09:26',
      'session 17 09:26:01 > 18 06:00',
      'outage 17 10:02 > 17 10:43',
      'rejection 17 13:00',
      'login 17 13:10',
      'session 17 13:10:01 > 18 06:00',
    ]);
    const facts = factsOf(day).map((fact) =>
      fact.kind === 'gap' ? `${fact.why} ${formatIst(fact.from)}` : `${fact.kind} ${formatIst(fact.at)}`,
    );
    expect(facts).toEqual([
      'session 06:40',
      'rejection 07:31',
      'late 09:15',
      'failed 09:20',
      'login 09:26',
      'outage 10:02',
      'rejected 13:00',
      'login 13:10',
    ]);
  });
});

describe('a month', () => {
  it('is its days together, each counted by how long its hours were', () => {
    const month = coverage(
      told(
        'session 16 07:40 > 17 06:00',
        'session 17 09:26 > 18 06:00',
        'session 18 09:00 > 19 06:00',
        'outage 18 10:02 > 18 10:43',
        'session 19 09:20 > 20 06:00',
      ),
      NSE_FO,
      '2026-11',
      ist('2026-11-20 09:00'),
    );
    const { days: _, share, ...counts } = month;
    expect(counts).toEqual({ late: 2, absent: 0, rejected: 0, ended: 0, outages: { count: 1, ms: 41 * MINUTE } });
    expect(share).toBeCloseTo(1 - (11 + 41 + 5) / (4 * 385), 10);
  });

  it.each([
    ['without any history', [], '2026-11-20 12:00'],
    ['that is to come', [BEFORE], '2026-10-20 12:00'],
  ])('%s has no share, and no gaps', (_, lines, now) =>
    expect(coverage(told(...lines), NSE_FO, '2026-11', ist(now))).toMatchObject({
      share: null,
      late: 0,
      absent: 0,
      outages: { count: 0 },
    }),
  );

  it.each([
    ['2026-11-30 23:59', '2026-11'],
    ['2026-12-01 00:00', '2026-12'],
  ])('is India’s: %s is of %s', (at, month) => expect(monthOf(ist(at))).toBe(month));
});

describe('whatever the history holds', () => {
  const FROM = ist('2026-10-20 00:00');
  const moment = fc
    .integer({ min: 0, max: 60 * 24 * 60 })
    .map((minutes) => FROM + minutes * MINUTE + (minutes % 7) * 9_000);
  const entry = fc.record({
    key: fc.uuid(),
    kind: fc.constantFrom(...HistoryKind.options),
    at: moment,
    until: fc.oneof(fc.constant(null), moment, fc.integer({ min: -HOUR, max: 2 * DAY })),
  });
  const entries = fc
    .array(entry, { maxLength: 60 })
    .map((all) =>
      all.map((one) => ({ ...one, until: one.until !== null && one.until < FROM ? one.at + one.until : one.until })),
    );
  const calendar = fc.record({
    market: fc.constantFrom(...MARKET_IDS),
    own: fc.constantFrom(NSE_FO.own, own('2026-11-14', 'trading', [18, 19]), own('2026-11-17', 'holiday', null)),
  });
  const month = fc.constantFrom('2026-10', '2026-11', '2026-12', '2027-02');

  it('coverage is between nothing and all of it, live time and gaps share the hours so far, and what is not known has neither', () => {
    fc.assert(
      fc.property(entries, calendar, month, moment, (history, days, which, now) => {
        const found = coverage(history, days, which, now);
        for (const day of found.days) checkDay(day, now);
        if (found.share !== null) expect(found.share >= 0 && found.share <= 1).toBe(true);
        expect(found.days.every(({ at }) => monthOf(at) === which)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('the order in which it is told changes nothing', () => {
    fc.assert(
      fc.property(entries, month, moment, (history, which, now) => {
        const { days: _, ...sums } = coverage(history, NSE_FO, which, now);
        const { days: __, ...again } = coverage([...history].reverse(), NSE_FO, which, now);
        expect(again).toEqual(sums);
      }),
    );
  });
});

function checkDay({ kind, share, hours, live, gaps }: CoveredDay, now: number): void {
  const all = [...live, ...gaps].sort((a, b) => a.from - b.from);
  if (kind !== 'trading' || hours === null) {
    expect([share, all]).toEqual([null, []]);
    return;
  }
  if (share === null) throw new Error('a trading day has a share');
  expect(share >= 0 && share <= 1).toBe(true);
  all.forEach(({ from, to }, at) => {
    expect(from < to && from >= hours.from && to <= Math.min(hours.to, now)).toBe(true);
    // Each begins where the one before ended: nothing is told twice, and nothing left out.
    expect(all[at + 1]?.from ?? to).toBe(to);
  });
  expect(share).toBeCloseTo(lengthOf(live) / lengthOf(all), 10);
  expect(all.at(-1)?.to).toBe(Math.min(hours.to, now));
}
