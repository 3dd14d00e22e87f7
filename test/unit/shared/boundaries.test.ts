import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../utils/shared/expiry.ts';
import { type Answer, answer, type Look } from '../../support/samples/boundaries.ts';

const zerodha = (made: string, seen: string, verified?: string): Look => ({ broker: 'zerodha', made, seen, verified });
const icici = (made: string, seen: string): Look => ({ broker: 'icici', made, seen });
const preset = (name: keyof typeof PRESETS, made: string, seen: string): Look => ({
  broker: 'zerodha',
  rule: PRESETS[name],
  made,
  seen,
});

/** Every instant at which an answer changes, and the one before it. */
const TABLE: [look: Look, ...Answer][] = [
  [zerodha('2026-11-19 09:00', '2026-11-20 05:59:59'), 'verified', 'closed', 'Good until 06:00.'],
  [zerodha('2026-11-19 09:00', '2026-11-20 06:00:00'), 'expired', 'closed', 'Session ended at 06:00.'],
  [zerodha('2026-11-20 05:59:59', '2026-11-20 05:59:59'), 'verified', 'closed', 'log in again after 07:30.'],
  [zerodha('2026-11-20 05:59:59', '2026-11-20 06:00:00'), 'expired', 'closed', 'Session ended at 06:00.'],
  [zerodha('2026-11-20 06:00:00', '2026-11-20 06:00:00'), 'suspect', 'closed', 'may end new sessions until 07:30'],
  [zerodha('2026-11-20 07:29:59', '2026-11-20 07:29:59'), 'suspect', 'closed', 'verified again after that'],
  [zerodha('2026-11-20 07:29:59', '2026-11-20 07:30:00'), 'suspect', 'closed', 'not verified since 07:30'],
  [
    zerodha('2026-11-20 07:29:59', '2026-11-20 07:30:00', '2026-11-20 07:30:00'),
    'verified',
    'closed',
    'Good until 06:00 on 21 Nov.',
  ],
  [zerodha('2026-11-20 07:30:00', '2026-11-20 07:30:00'), 'verified', 'closed', 'Good until 06:00 on 21 Nov.'],
  [zerodha('2026-11-20 09:00', '2026-11-20 23:59:59'), 'verified', 'closed', 'Good until 06:00 on 21 Nov.'],
  [zerodha('2026-11-20 09:00', '2026-11-21 00:00:00'), 'verified', 'closed', 'Good until 06:00.'],
  [zerodha('2028-02-28 09:00', '2028-02-29 05:59:59'), 'verified', 'closed', 'Good until 06:00.'],
  [zerodha('2028-02-28 09:00', '2028-02-29 06:00:00'), 'expired', 'closed', 'Session ended at 06:00.'],
  [zerodha('2028-02-29 09:00', '2028-02-29 09:15:00'), 'verified', 'open', 'Good until 06:00 on 1 Mar.'],
  [zerodha('2026-12-31 09:00', '2026-12-31 23:59:59'), 'verified', 'closed', 'Good until 06:00 on 1 Jan.'],
  [zerodha('2026-12-31 09:00', '2027-01-01 06:00:00'), 'expired', 'closed', 'Session ended at 06:00.'],
  [icici('2026-11-20 09:00', '2026-11-20 23:59:59'), 'verified', 'closed', 'Good until 00:00 on 21 Nov.'],
  [icici('2026-11-20 09:00', '2026-11-21 00:00:00'), 'expired', 'closed', 'Session ended at 00:00.'],
  [icici('2026-11-20 23:50', '2026-11-20 23:59:59'), 'verified', 'closed', 'lasts only 10 minutes: log in again after'],
  [icici('2026-11-21 00:00:00', '2026-11-21 00:00:00'), 'verified', 'closed', 'Good until 00:00 on 22 Nov.'],
  [icici('2026-12-31 09:00', '2027-01-01 00:00:00'), 'expired', 'closed', 'Session ended at 00:00.'],
  [icici('2028-02-28 23:59', '2028-02-29 00:00:00'), 'expired', 'closed', 'Session ended at 00:00.'],
  [preset('at-3', '2026-11-19 09:00', '2026-11-20 02:59:59'), 'verified', 'closed', 'Good until 03:00.'],
  [preset('at-3', '2026-11-19 09:00', '2026-11-20 03:00:00'), 'expired', 'closed', 'Session ended at 03:00.'],
  [preset('hours-24', '2026-11-19 09:00', '2026-11-20 08:29:59'), 'verified', 'closed', 'Good until 09:00.'],
  [preset('hours-24', '2026-11-19 09:00', '2026-11-20 08:30:00'), 'due-soon', 'closed', 'Ends at 09:00'],
  [preset('hours-24', '2026-11-19 09:00', '2026-11-20 08:44:59'), 'due-soon', 'closed', 'Ends at 09:00'],
  [preset('hours-24', '2026-11-19 09:00', '2026-11-20 08:45:00'), 'renew-now', 'closed', 'Ends at 09:00'],
  [preset('hours-24', '2026-11-19 09:00', '2026-11-20 09:00:00'), 'expired', 'pre-open', 'Session ended at 09:00.'],
  [preset('hours-8', '2026-11-20 09:00', '2026-11-20 16:30:00'), 'due-soon', 'closed', 'Ends at 17:00'],
  // The days on which Europe and America change to and from summer time.
  [zerodha('2026-03-09 09:00', '2026-03-09 09:08:00'), 'verified', 'frozen', 'Good until 06:00 on 10 Mar.'],
  [zerodha('2026-03-30 09:00', '2026-03-30 15:39:59'), 'verified', 'open', 'Good until 06:00 on 31 Mar.'],
  [zerodha('2026-10-26 09:00', '2026-10-26 15:40:00'), 'verified', 'closed', 'Good until 06:00 on 27 Oct.'],
  [zerodha('2026-10-31 09:00', '2026-11-01 06:00:00'), 'expired', 'closed', 'Session ended at 06:00.'],
];

describe('at a boundary', () => {
  it.each(TABLE)('%o is %s, %s: %s', (look, status, phase, says) => {
    const [isStatus, isPhase, isSays] = answer(look);
    expect([isStatus, isPhase]).toEqual([status, phase]);
    expect(isSays).toContain(says);
  });
});

const SCRIPT = `
const { answer } = await import(process.argv[1]);
console.log(JSON.stringify([new Date(1795149000000).getHours(), JSON.parse(process.argv[2]).map(answer)]));
`;

describe('in every time zone of the machine', () => {
  const here = TABLE.map(([look]) => answer(look));
  // IST 10:00 on 20 Nov 2026, as each zone's own clock shows it: a zone that were not in force would show another hour.
  it.each([
    ['Asia/Kolkata', 10],
    ['America/New_York', 23],
    ['Europe/London', 4],
    ['Pacific/Apia', 17],
    ['UTC', 4],
  ])('%s the answers are the same', (TZ, hour) => {
    const script = resolve(import.meta.dirname, '../../support/samples/boundaries.ts');
    const args = ['--input-type=module', '-e', SCRIPT, script, JSON.stringify(TABLE.map(([look]) => look))];
    const output = execFileSync(process.execPath, args, { env: { ...process.env, TZ, NODE_OPTIONS: '' } });
    expect(JSON.parse(output.toString())).toEqual([hour, here]);
  });
});
