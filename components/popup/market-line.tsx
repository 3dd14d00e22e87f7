import { marketName, tellDay } from '../../utils/domain/base/market-words.ts';
import { dayInWords, formatMoment } from '../../utils/domain/base/moment.ts';
import { formatNumber, say, type Word } from '../../utils/domain/base/words.ts';
import { type Calendar, endsSoon, marketDay, type Phase, phaseAt } from '../../utils/shared/market.ts';
import { HOUR, MINUTE } from '../../utils/shared/time.ts';

const PHASES: Record<Phase, Word> = {
  'pre-open': 'market_pre_open',
  frozen: 'market_frozen',
  open: 'market_open',
  'closing-auction': 'market_closing_auction',
  closed: 'market_closed',
};

/** The market's phase and when it ends, with the day's name where it is a special one. */
export function MarketLine({ calendar, now }: { calendar: Calendar; now: number }) {
  const { phase, until } = phaseAt(now, calendar);
  const { name, isKnown } = marketDay(now, calendar);
  const market = marketName(calendar.market);
  const ending = endsSoon(now, calendar);
  const left = until - now;
  const says =
    phase === 'closed' && left < HOUR
      ? say('market_soon', market, formatMoment(until, now), formatNumber(Math.ceil(left / MINUTE)))
      : say(PHASES[phase], market, formatMoment(until, now));
  return (
    <p class="soft market" data-phase={phase}>
      {name ? say('market_named', says, tellDay(name)) : says}
      {isKnown ? '' : ` ${say('market_unlisted')}`}
      {ending ? ` ${say('market_ends', dayInWords(ending))}` : ''}
    </p>
  );
}
