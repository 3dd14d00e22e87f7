import { z } from '../../../../utils/shared/schema.ts';
import { istClock } from '../../../../utils/shared/time.ts';
import { defineOperation } from '../operation.ts';
import { dayBefore } from './dates.ts';
import { lastPrice, recentCloses } from './prices.ts';
import { takeStep } from './step.ts';

/** Compares the Nifty price with the average of its daily closes. Confirmed or not, it places nothing. */
export const futuresAlgorithm = defineOperation({
  name: 'futures_algorithm',
  acts: false,
  params: z.strictObject({ confirmed: z._default(z.boolean(), false) }),
  label: ({ confirmed }) => `Futures algorithm${confirmed ? ', confirmed' : ''} (computed only)`,
  async run(session, { confirmed }, _key, note) {
    const now = Date.now();
    const price = await takeStep(note, lastPrice(session, 'Nifty price', 'NSE:NIFTY'));
    if (!price.ok) return price;
    const closes = await takeStep(note, recentCloses(session, 'NIFTY', dayBefore(now, 30), istClock(now).date));
    if (!closes.ok) return closes;
    const average = Math.round((closes.value.reduce((sum, close) => sum + close, 0) / closes.value.length) * 100) / 100;
    const signal = price.value >= average ? 'above the average' : 'below the average';
    note('Signal', 'success', `${price.value} is ${signal} of ${average}`);
    note(
      'Confirmation',
      'info',
      confirmed ? 'Confirmed. This backend places no order' : 'Not confirmed yet: send it again with confirmed=true',
    );
    return {
      ok: true,
      value: { price: price.value, average, signal, confirmed, needs_confirmation: !confirmed, order_placed: false },
    };
  },
});
