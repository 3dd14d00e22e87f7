import { check, z } from '../../../../utils/shared/schema.ts';
import type { BrokerApi } from '../../brokers/client.ts';
import type { Step } from './step.ts';

export interface Option {
  strike: number;
  price: number;
}

const Rows = z.array(z.object({ strike_price: z.coerce.number(), ltp: z.coerce.number() }));

/** The calls or puts of an index that have a price, by strike. */
export const optionChain = (
  session: BrokerApi,
  stock: string,
  expiry: string,
  right: 'call' | 'put',
): Step<Option[]> => ({
  name: right === 'call' ? 'Option chain, calls' : 'Option chain, puts',
  ask: () => session.optionChain(stock, expiry, right),
  read(value) {
    const rows = check(Rows, value);
    const traded = rows.ok ? rows.value.filter(({ strike_price, ltp }) => strike_price > 0 && ltp > 0) : [];
    if (traded.length === 0) return null;
    return traded
      .map(({ strike_price: strike, ltp: price }) => ({ strike, price }))
      .sort((one, other) => one.strike - other.strike);
  },
  say: (options) =>
    `${options.length} ${right}s for ${expiry}, from ${options[0]?.strike} to ${options.at(-1)?.strike}`,
});
