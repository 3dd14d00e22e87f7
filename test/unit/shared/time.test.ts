import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { icici } from '../../../utils/shared/brokers/icici.ts';
import { tokenExpiry } from '../../../utils/shared/brokers/token-life.ts';
import { zerodha } from '../../../utils/shared/brokers/zerodha.ts';
import { sessionExpiry } from '../../../utils/shared/expiry.ts';
import { isMarketOpen } from '../../../utils/shared/market.ts';
import { formatIst, istClock, nextIst } from '../../../utils/shared/time.ts';
import { ist } from '../../support/samples/samples.ts';

describe('the clock in India', () => {
  it.each([
    ['2026-11-20 05:59:59', '2026-11-20 06:00'],
    ['2026-11-20 06:00:00', '2026-11-21 06:00'],
    ['2026-11-20 23:59:59', '2026-11-21 06:00'],
    ['2026-11-21 00:00:00', '2026-11-21 06:00'],
    ['2028-02-28 23:59:59', '2028-02-29 06:00'],
    ['2028-02-29 06:00:00', '2028-03-01 06:00'],
    ['2027-02-28 06:00:00', '2027-03-01 06:00'],
    ['2026-12-31 06:00:01', '2027-01-01 06:00'],
  ])('after %s the next 06:00 is %s', (now, next) => expect(nextIst(6, 0, ist(now))).toBe(ist(next)));

  it('has its next midnight after this one, never now', () => {
    expect(nextIst(0, 0, ist('2026-11-20 00:00'))).toBe(ist('2026-11-21 00:00'));
    expect(nextIst(0, 0, ist('2026-11-20 23:59:59') + 999)).toBe(ist('2026-11-21 00:00'));
  });

  it.each([
    ['2026-11-22 00:00', { date: '2026-11-22', minutes: 0, weekday: 0 }],
    ['2026-11-21 23:59:59', { date: '2026-11-21', minutes: 1_439, weekday: 6 }],
    ['2028-02-29 05:29:59', { date: '2028-02-29', minutes: 329, weekday: 2 }],
  ])('reads %s', (now, clock) => expect(istClock(ist(now))).toEqual(clock));

  it('writes times as they are read in India', () => {
    expect(formatIst(ist('2026-11-20 00:00:07'))).toBe('00:00');
    expect(formatIst(ist('2026-11-20 23:59:59'), true)).toBe('23:59:59');
  });
});

describe('the end of a session', () => {
  it.each([
    [zerodha, '2026-11-20 05:59:59', '2026-11-20 06:00'],
    [zerodha, '2026-11-20 06:00:00', '2026-11-21 06:00'],
    [zerodha, '2026-11-20 23:59:59', '2026-11-21 06:00'],
    [zerodha, '2026-12-31 09:00:00', '2027-01-01 06:00'],
    [zerodha, '2028-02-28 09:00:00', '2028-02-29 06:00'],
    [icici, '2026-11-20 00:00:00', '2026-11-21 00:00'],
    [icici, '2026-11-20 08:45:00', '2026-11-21 00:00'],
    [icici, '2026-11-20 23:50:00', '2026-11-21 00:00'],
    [icici, '2026-12-31 23:59:59', '2027-01-01 00:00'],
  ])('$id made at %s ends at %s', (broker, issued, end) => {
    expect(sessionExpiry(broker.session, ist(issued))).toBe(ist(end));
  });

  it('is the earlier of a clock time and an age', () => {
    const rule = { ttlMs: 3_600_000, at: { hour: 0, minute: 0 } };
    expect(sessionExpiry(rule, ist('2026-11-20 10:00'))).toBe(ist('2026-11-20 11:00'));
    expect(sessionExpiry(rule, ist('2026-11-20 23:30'))).toBe(ist('2026-11-21 00:00'));
    expect(sessionExpiry({}, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not the end of the token', () => {
    const at = ist('2026-11-20 23:50');
    expect(tokenExpiry(zerodha, at)).toBe(at + 120_000);
    expect(tokenExpiry(icici, at)).toBe(ist('2026-11-21 00:00'));
  });
});

describe('the market', () => {
  it.each([
    ['2026-11-20 09:14:59', false],
    ['2026-11-20 09:15:00', true],
    ['2026-11-20 15:39:59', true],
    ['2026-11-20 15:40:00', false],
    ['2026-11-21 10:00:00', false],
    ['2026-11-22 10:00:00', false],
    ['2026-11-24 10:00:00', false],
    ['2026-12-25 10:00:00', false],
    ['2027-01-26 10:00:00', true],
  ])('at %s is open: %s', (now, isOpen) => expect(isMarketOpen(ist(now))).toBe(isOpen));
});

const SCRIPT = `
const { nextIst, istClock, formatIst } = await import(process.argv[1] + '/time.ts');
const { sessionExpiry } = await import(process.argv[1] + '/expiry.ts');
const { isMarketOpen } = await import(process.argv[1] + '/market.ts');
const { brokers } = await import(process.argv[1] + '/brokers/index.ts');
const rows = [];
// Round the changes to and from summer time of Europe and America, 29 Feb and the year's end, every 47 minutes.
for (const day of ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01', '2026-12-31', '2028-02-29'])
  for (let at = Date.parse(day + 'T00:00Z') - 2 * 864e5, end = at + 4 * 864e5; at < end; at += 47 * 6e4)
    rows.push([at, nextIst(6, 0, at), istClock(at), formatIst(at, true), isMarketOpen(at),
      ...Object.values(brokers).map(({ session }) => sessionExpiry(session, at))]);
console.log(new Date(0).getTimezoneOffset() + '\\n' + JSON.stringify(rows));
`;

it('is the same in every zone of the machine (CLK-01)', () => {
  const zones = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia', 'Europe/London'];
  const shared = resolve(import.meta.dirname, '../../../utils/shared');
  const outputs = zones.map((TZ) => {
    const args = ['--input-type=module', '-e', SCRIPT, shared];
    const output = execFileSync(process.execPath, args, { env: { ...process.env, TZ, NODE_OPTIONS: '' } });
    return output.toString().split('\n');
  });
  expect(new Set(outputs.map(([offset]) => offset)).size).toBeGreaterThan(3);
  expect(new Set(outputs.map(([, rows]) => rows)).size).toBe(1);
  expect(outputs[0]?.[1]?.length).toBeGreaterThan(10_000);
});
