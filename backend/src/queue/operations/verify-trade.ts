import { check, z } from '../../../../utils/shared/schema.ts';
import { defineOperation } from '../operation.ts';
import { lastPrice } from './prices.ts';
import { takeStep } from './step.ts';

const Funds = z.object({ total_bank_balance: z.coerce.number() });

/** Checks a trade in Nifty units against the present price and the funds. It places nothing. */
export const verifyTrade = defineOperation({
  name: 'verify_trade',
  acts: false,
  params: z.strictObject({
    quantity: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1_000_000)), 1),
  }),
  label: ({ quantity }) => `Verify a trade of ${quantity} (verified only)`,
  async run(session, { quantity }, _key, note) {
    const price = await takeStep(note, lastPrice(session, 'Nifty price', 'NSE:NIFTY'));
    if (!price.ok) return price;
    const funds = await takeStep(note, {
      name: 'Funds',
      ask: () => session.funds(),
      read(value) {
        const row = check(Funds, value);
        return row.ok ? row.value.total_bank_balance : null;
      },
      say: (balance) => `${balance} in the bank account`,
    });
    if (!funds.ok) return funds;
    const value = Math.round(price.value * quantity * 100) / 100;
    const affordable = value <= funds.value;
    note('Verdict', 'success', `${value} is ${affordable ? 'within' : 'above'} the funds`);
    note('Result', 'info', 'Verified only: no order was placed');
    return { ok: true, value: { price: price.value, quantity, value, affordable, order_placed: false } };
  },
});
