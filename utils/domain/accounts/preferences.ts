import { OwnDays } from '../../shared/calendar.ts';
import { ClockTime } from '../../shared/clock-time.ts';
import { ExpiryRule } from '../../shared/expiry.ts';
import { MARKET_IDS } from '../../shared/market.ts';
import { z } from '../../shared/schema.ts';
import { minutesOf } from '../../shared/time.ts';
import { wrong } from '../base/check.ts';

const Quiet = z.strictObject({ from: ClockTime, to: ClockTime }).check(
  z.refine(({ from, to }) => minutesOf(from) !== minutesOf(to), {
    path: ['to'],
    ...wrong('same_time'),
  }),
);

/** What a person wants of the clock, for all accounts. `quiet` is a stretch of the day without reminders, or null. */
export const Preferences = z.strictObject({
  notify: z.boolean(),
  morning: ClockTime,
  quiet: z.nullable(Quiet),
  market: z.enum(MARKET_IDS),
  own: OwnDays,
});
export type Preferences = z.infer<typeof Preferences>;

export const DEFAULT_PREFERENCES: Preferences = {
  notify: false,
  morning: { hour: 8, minute: 45 },
  quiet: { from: { hour: 22, minute: 0 }, to: { hour: 7, minute: 0 } },
  market: 'nse-fo',
  own: { days: [], through: null },
};

/** What a person wants of one account's clock: a rule of its own or the broker's (null), and whether it may renew itself. */
export const AccountClock = z.strictObject({ rule: z.nullable(ExpiryRule), renewsItself: z.boolean() });
export type AccountClock = z.infer<typeof AccountClock>;

export const DEFAULT_CLOCK: AccountClock = { rule: null, renewsItself: false };
