import { type Calendar, marketDay, marketName, type Phase, phaseAt, tellDay } from '../utils/domain/market.ts';
import { formatMoment } from '../utils/domain/time.ts';

const SAYS: Record<Phase, string> = {
  'pre-open': 'pre-open',
  frozen: 'pre-open: prices do not move now, that is normal',
  open: 'open',
  'closing-auction': 'closing auction',
  closed: 'closed',
};

/** The market's phase and when it ends, with the day's name where it is a special one. */
export function MarketLine({ calendar, now }: { calendar: Calendar; now: number }) {
  const { phase, until } = phaseAt(now, calendar);
  const { name, isKnown } = marketDay(now, calendar);
  return (
    <p class="soft market" data-phase={phase}>
      {marketName(calendar.market)}: {SAYS[phase]} until {formatMoment(until, now)}
      {name ? ` (${tellDay(name)})` : ''}
      {isKnown ? '' : '. No list of holidays for this day: it counts as a trading day'}
    </p>
  );
}
