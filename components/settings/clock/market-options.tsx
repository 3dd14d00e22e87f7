import { marketName } from '../../../utils/domain/base/market-words.ts';
import { MARKET_IDS } from '../../../utils/shared/market.ts';

/** Every market, to choose one. */
export function MarketOptions() {
  return (
    <>
      {MARKET_IDS.map((id) => (
        <option key={id} value={id}>
          {marketName(id)}
        </option>
      ))}
    </>
  );
}
