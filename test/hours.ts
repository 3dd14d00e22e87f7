import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DEFAULT_PREFERENCES } from '../utils/domain/accounts/preferences.ts';
import { NSE_DAYS } from '../utils/shared/holidays.ts';
import { isTradingDay } from '../utils/shared/market.ts';
import { DAY, istClock } from '../utils/shared/time.ts';

/**
 * Runs what looks at the time where clocks and calendars change their answers: at these hours in India, on these days, in
 * these zones of the machine. Debian's faketime moves the clock of a whole run, and of every process that it starts.
 * https://github.com/wolfcw/libfaketime: Node's timers count by the monotonic clock, which stays as it is.
 */
const ROOT = join(import.meta.dirname, '..');
const HOURS = ['23:41', '00:05', '05:59', '06:01', '07:29', '09:07', '15:39'];
const ZONES = ['Asia/Kolkata', 'America/New_York', 'Pacific/Apia', 'Europe/London', 'UTC'];
// When an exchange would be open, so that a closed day makes a difference.
const MIDDAY = '11:30';

/** Of a browser's background and of a backend all is about now, but for these, which wait for other programs or for kills. */
const FLOWS = [
  'test/flow/services/!(peers|settings).test.ts',
  'test/flow/backend/{brokers,login,session}.test.ts',
  'test/flow/backend/compat/session-manager.test.ts',
];
/** The domain is given its time; what names the clock itself is run. */
const GIVEN_TIME = ['test/unit/**/*.test.ts', 'test/timeline/**/*.test.ts'];
const NAMES_CLOCK = /\bDate\.now\b|new Date\(\)|TZ\b/;

const at = (date: string, hour = '12:00') => Date.parse(`${date}T${hour}+05:30`);
const dayOf = (moment: number) => istClock(moment).date;
const isOpen = (moment: number) => isTradingDay(moment, DEFAULT_PREFERENCES);

/** The last day before another for which something holds. */
function lastBefore(date: string, holds: (moment: number) => boolean): string {
  let moment = at(date) - DAY;
  while (!holds(moment)) moment -= DAY;
  return dayOf(moment);
}

const lastKnown = NSE_DAYS.validThrough;
const holiday = lastBefore(lastKnown, (moment) => dayOf(moment) in NSE_DAYS.holidays);
const saturday = lastBefore(lastKnown, (moment) => istClock(moment).weekday === 6);
const workday = lastBefore(holiday, isOpen);
const DAYS = [
  ['a Saturday', saturday],
  ['a holiday', holiday],
  ['the last day for which holidays are known', lastKnown],
  ['the day after it', dayOf(at(lastKnown) + DAY)],
] as const;

const moments = [
  ...HOURS.map((hour) => ({ name: `a day of trading, ${hour}`, moment: at(workday, hour) })),
  ...DAYS.map(([name, date]) => ({ name: `${name}, ${MIDDAY}`, moment: at(date, MIDDAY) })),
];
const files = [...FLOWS.flatMap(found), ...GIVEN_TIME.flatMap(found).filter(namesClock)];
const began = performance.now();
const failed = moments.filter(({ name, moment }, index) => !passes(name, moment, ZONES[index % ZONES.length] ?? 'UTC'));
for (const { name } of failed) console.log(`failed: ${name}`);
const seconds = Math.round((performance.now() - began) / 1_000);
console.log(
  `${moments.length - failed.length} moments passed, ${failed.length} failed: ${files.length} files each, ${seconds} s`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function found(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT }).map((path) => relative(ROOT, join(ROOT, path)));
}

function namesClock(path: string): boolean {
  return NAMES_CLOCK.test(readFileSync(join(ROOT, path), 'utf8'));
}

/** A run whose clock is moved, not stopped. */
function passes(name: string, moment: number, TZ: string): boolean {
  console.log(`\n${name} in India, with the machine in ${TZ}`);
  const seconds = Math.round((moment - Date.now()) / 1_000);
  const moved = `${seconds < 0 ? '' : '+'}${seconds}s`;
  const { status } = spawnSync(
    'faketime',
    ['--exclude-monotonic', '-f', moved, 'vitest', 'run', '--reporter=dot', ...files, ...process.argv.slice(2)],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, TZ } },
  );
  return status === 0;
}
