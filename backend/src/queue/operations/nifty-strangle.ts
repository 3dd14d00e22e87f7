import { z } from '../../../../utils/shared/schema.ts';
import { defineOperation } from '../operation.ts';
import { daysUntil, IsoDay, nextWeeklyExpiry } from './dates.ts';
import { optionChain } from './option-chain.ts';
import { lastPrice } from './prices.ts';
import { takeStep } from './step.ts';
import { strangleOf } from './strangle.ts';

/** Computes a Nifty strangle from price, VIX and option chain. It places nothing. */
export const niftyStrangle = defineOperation({
  name: 'nifty_strangle',
  acts: false,
  params: z.strictObject({ expiry: z.optional(IsoDay) }),
  label: ({ expiry }) => `Nifty strangle${expiry === undefined ? '' : ` for ${expiry}`} (computed only)`,
  async run(session, { expiry = nextWeeklyExpiry(Date.now()) }, _key, note) {
    const spot = await takeStep(note, lastPrice(session, 'Nifty price', 'NSE:NIFTY'));
    if (!spot.ok) return spot;
    const vix = await takeStep(note, lastPrice(session, 'India VIX', 'NSE:INDVIX'));
    if (!vix.ok) return vix;
    const calls = await takeStep(note, optionChain(session, 'NIFTY', expiry, 'call'));
    if (!calls.ok) return calls;
    const puts = await takeStep(note, optionChain(session, 'NIFTY', expiry, 'put'));
    if (!puts.ok) return puts;
    const daysLeft = daysUntil(expiry, Date.now());
    const strangle = strangleOf({
      spot: spot.value,
      vix: vix.value,
      daysLeft,
      calls: calls.value,
      puts: puts.value,
    });
    if (strangle === null) {
      const words = 'the option chain does not reach one expected move away';
      note('Strikes', 'error', words);
      return { ok: false, status: 502, body: null, words };
    }
    const { call, put, premium } = strangle;
    note('Strikes', 'success', `${put.strike} put and ${call.strike} call for ${premium} a unit`);
    note('Result', 'info', 'Computed only: no order was placed');
    return {
      ok: true,
      value: { spot: spot.value, vix: vix.value, expiry, daysLeft, ...strangle, order_placed: false },
    };
  },
});
