import type { DayName, MarketId } from '../../shared/market.ts';
import { keyOf, say } from './words.ts';

export function marketName(id: MarketId): string {
  return say(`market_${keyOf(id)}`);
}

export function tellDay(name: DayName): string {
  return typeof name === 'string' ? say(`day_${name}`) : name.own;
}
