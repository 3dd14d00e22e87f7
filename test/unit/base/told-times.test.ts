import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toldDuration, toldMoment } from '../../../utils/domain/base/told-times.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { ist } from '../../support/samples/samples.ts';

const AT = ist('2026-11-30 06:00:00');
const LEFT = 5 * HOUR + 30 * MINUTE;

/** How programs write one moment, and whether they name its zone. */
const MOMENTS: readonly (readonly [text: string | number, hasZone: boolean | null])[] = [
  ['2026-11-30T00:30:00Z', true],
  ['2026-11-30T00:30:00.000Z', true],
  ['2026-11-30t00:30:00z', true],
  ['2026-11-30T00:30:00+00:00', true],
  ['2026-11-30 00:30:00+00:00', true],
  ['2026-11-30T06:00:00+05:30', true],
  ['2026-11-30T06:00:00+0530', true],
  ['2026-11-29T19:30:00-05:00', true],
  ['2026-11-30 00:30:00 UTC', true],
  ['Mon, 30 Nov 2026 00:30:00 GMT', true],
  ['Mon Nov 30 2026 06:00:00 GMT+0530 (India Standard Time)', true],
  ['2026-11-30 06:00:00 IST', true],
  ['2026-11-30 00:30:00+00', true],
  ['2026-11-30T06:00:00+05:30[Asia/Kolkata]', true],
  [AT, true],
  [String(AT), true],
  [AT / 1_000, true],
  [`${AT / 1_000}.0`, true],
  // No zone: a clock in India, on every computer.
  ['2026-11-30T06:00:00', false],
  ['2026-11-30T06:00', false],
  ['2026-11-30 06:00:00', false],
  ['2026-11-30T06:00:00.000000', false],
  // A day is no moment, and what can be read in two ways is not guessed at.
  ['2026-11-30', null],
  ['30/11/2026 06:00', null],
  ['11/30/2026 06:00 AM', null],
  ['Mon Nov 30 06:00:00 2026', null],
  ['11/30/2026 00:30:00 UTC', null],
  ['12/01/2026 00:30:00 GMT', null],
  ['01-12-2026 06:00:00 GMT+0530', null],
  // No calendar has this day, and the next month's first is not meant.
  ['2026-11-31T06:00:00Z', null],
  ['2026-02-30 06:00:00', null],
  ['06:00', null],
  ['tomorrow', null],
  ['', null],
  ['1926-11-30T00:30:00Z', null],
  [5, null],
];

/** How programs write how long something lasts. */
const DURATIONS: readonly (readonly [text: string | number, ms: number | null])[] = [
  [19_800, LEFT],
  ['19800', LEFT],
  ['5h 30m', LEFT],
  ['5h30m0s', LEFT],
  ['05:30', LEFT],
  ['05:30:00', LEFT],
  ['5:30:00.000', LEFT],
  ['330 minutes', LEFT],
  ['330 min', LEFT],
  ['5.5 hours', LEFT],
  ['in 5 hours and 30 minutes', LEFT],
  ['5 hours, 30 minutes', LEFT],
  ['PT5H30M', LEFT],
  ['0d 5h 30m', LEFT],
  ['1d 0h 0m', DAY],
  ['1 day', DAY],
  ['1 day, 0:00:00', DAY],
  ['2 days, 1:00:01', 2 * DAY + HOUR + SECOND],
  ['P1D', DAY],
  ['P1DT2H', DAY + 2 * HOUR],
  ['1w', 7 * DAY],
  ['5h 30m left', LEFT],
  ['5 hours 30 minutes remaining', LEFT],
  ['Expired', 0],
  ['5 minutes ago', -5 * MINUTE],
  ['expired 5 minutes ago', -5 * MINUTE],
  ['0h 0m', 0],
  ['0', 0],
  ['-5m', -5 * MINUTE],
  [-1, -SECOND],
  // Python's minute ago.
  ['-1 day, 23:59:00', -MINUTE],
  // Half understood is not understood.
  ['1 fortnight 2h', null],
  ['2h or so', null],
  ['soon left', null],
  ['long ago', null],
  ['5h 30', null],
  ['P1M', null],
  ['soon', null],
  ['', null],
  [1e12, null],
  // A quarter of an hour in milliseconds would be ten days in seconds.
  [900_000, null],
  ['900000', null],
];

describe('a moment that another program wrote', () => {
  it.each(MOMENTS)('%s', (text, hasZone) => {
    expect(toldMoment(text)).toEqual(hasZone === null ? null : { at: AT, hasZone });
  });

  it('is the same on every computer', () => {
    const file = resolve(import.meta.dirname, '../../../utils/domain/base/told-times.ts');
    const script = `const { toldMoment } = await import(process.argv[1]);
      console.log(JSON.stringify(JSON.parse(process.argv[2]).map(toldMoment)));`;
    const texts = JSON.stringify(MOMENTS.map(([text]) => text));
    const zones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia', 'Europe/London'];
    const read = zones.map((TZ) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script, file, texts], {
        env: { ...process.env, TZ, NODE_OPTIONS: '' },
      }).toString(),
    );
    expect(new Set(read).size).toBe(1);
    expect(JSON.parse(read[0] ?? '')).toHaveLength(MOMENTS.length);
  });
});

describe('how long something still lasts', () => {
  it.each(DURATIONS)('%s is %s ms', (text, ms) => expect(toldDuration(text)).toBe(ms));
  it.each([null, undefined])('%s is nothing', (nothing) => {
    expect(toldDuration(nothing)).toBeNull();
    expect(toldMoment(nothing)).toBeNull();
  });
});
