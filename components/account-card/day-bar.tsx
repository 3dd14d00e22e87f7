import './day-bar.css';
import { formatMoment } from '../../utils/domain/base/moment.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Term } from '../../utils/domain/session/term.ts';
import { dayBar, type Mark, type Stretch } from '../../utils/domain/view/day-bar.ts';
import type { Calendar } from '../../utils/shared/market.ts';
import { formatIst } from '../../utils/shared/time.ts';

/** The session against the trading day: market hours lightly, the session over them, and now. */
export function DayBar({ term, calendar, now }: { term: Term; calendar: Calendar; now: number }) {
  const bar = dayBar(term, calendar, now);
  return (
    <figure class="day-bar" role="img" aria-label={inWords(term, now)}>
      <div class="track">
        {bar.market.map((hours) => (
          <i key={hours.from} class="market-hours" style={across(hours)} />
        ))}
        {bar.past && <i class="past" style={across(bar.past)} />}
        {bar.ahead && <i class="ahead" style={across(bar.ahead)} />}
        <i class="now" style={{ insetInlineStart: `${bar.now}%` }} />
      </div>
      <div class="axis">
        {bar.marks.map((mark) => (
          <span key={mark.at} class={`${mark.of} ${side(mark)}`} style={{ insetInlineStart: `${mark.place}%` }}>
            {formatIst(mark.at)}
          </span>
        ))}
      </div>
    </figure>
  );
}

// What the browser's rules on styles allow: a script's, not a page's.
function across({ from, to }: Stretch) {
  return { insetInlineStart: `${from}%`, inlineSize: `${to - from}%` };
}

/** A time at an end of the axis would stick out if it stood in its middle. */
function side({ place }: Mark): string {
  if (place < 5) return 'at-start';
  return place > 95 ? 'at-end' : 'at-middle';
}

function inWords({ issuedAt, endsAt }: Term, now: number): string {
  const [from, to] = [issuedAt, endsAt].map((at) => (at === null ? say('day_unknown') : formatMoment(at, now)));
  return say('day_session', from ?? '', to ?? '', formatIst(now));
}
