import type { Price } from './tick.ts';

/**
 * The price in what a Breeze stream sends; none where it is no quote. An exchange's quote has the last price at the third
 * place, MCX's at the sixth, and depth has none (2026-11, https://github.com/Idirect-Tech/Breeze-Python-SDK).
 */
export function pricesOfQuote(value: unknown): Price[] {
  if (!Array.isArray(value)) return [];
  const [symbol]: unknown[] = value;
  if (typeof symbol !== 'string') return [];
  const price = Number(value[placeOf(symbol)]);
  return Number.isFinite(price) && price > 0 ? [{ symbol, price }] : [];
}

function placeOf(stream: string): number {
  if (stream.startsWith('6.')) return 5;
  return /^\d+\.1!/.test(stream) ? 2 : Number.NaN;
}
