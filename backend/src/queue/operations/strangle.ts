import type { Option } from './option-chain.ts';

export interface Market {
  spot: number;
  /** India VIX: the yearly move that the market expects, in percent. */
  vix: number;
  daysLeft: number;
  calls: readonly Option[];
  puts: readonly Option[];
}

export interface Strangle {
  expectedMove: number;
  call: Option;
  put: Option;
  /** Both prices together, for one unit. */
  premium: number;
  breakEven: { below: number; above: number };
}

/** The strangle one expected move away on either side; null when the chain does not reach that far. */
export function strangleOf({ spot, vix, daysLeft, calls, puts }: Market): Strangle | null {
  const expectedMove = round(spot * (vix / 100) * Math.sqrt(Math.max(daysLeft, 1) / 365));
  const call = calls.find(({ strike }) => strike >= spot + expectedMove);
  const put = puts.findLast(({ strike }) => strike <= spot - expectedMove);
  if (call === undefined || put === undefined) return null;
  const premium = round(call.price + put.price);
  return {
    expectedMove,
    call,
    put,
    premium,
    breakEven: { below: round(put.strike - premium), above: round(call.strike + premium) },
  };
}

function round(price: number): number {
  return Math.round(price * 100) / 100;
}
