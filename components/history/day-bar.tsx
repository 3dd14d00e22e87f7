import type { Stretch } from '../../utils/domain/base/interval.ts';
import type { CoveredDay, Gap } from '../../utils/domain/history/coverage.ts';

const HEIGHT = 14;
const GAP = { y: 4, height: 6 };

/** A day's market hours from opening to close: live time as a full bar, gaps as a thin one, nothing as a line. */
export function DayBar({ kind, hours, live, gaps }: Pick<CoveredDay, 'kind' | 'hours' | 'live' | 'gaps'>) {
  if (kind === 'holiday' || hours === null)
    return (
      <svg class="day-bar" aria-hidden="true">
        <rect class="closed" width="100%" height={HEIGHT} rx="3" fill="url(#history-closed)" />
      </svg>
    );
  return (
    <svg class="day-bar" aria-hidden="true">
      <rect class="hours" y={HEIGHT / 2 - 1} width="100%" height="2" />
      {gaps.map((gap) => (
        <rect key={gap.from} {...GAP} {...fillOf(gap)} {...placeOf(gap, hours)} />
      ))}
      {live.map((one) => (
        <rect key={one.from} class="live" height={HEIGHT} rx="3" {...placeOf(one, hours)} />
      ))}
    </svg>
  );
}

function fillOf({ why }: Gap) {
  return why === 'outage' ? { class: 'outage', fill: 'url(#history-outage)' } : { class: 'gap' };
}

/** Where a stretch lies in the hours, as SVG takes it; parts of a pixel would differ from one machine to the next. */
function placeOf({ from, to }: Stretch, hours: Stretch): { x: string; width: string } {
  const percent = (ms: number) => `${((ms / (hours.to - hours.from)) * 100).toFixed(2)}%`;
  return { x: percent(from - hours.from), width: percent(to - from) };
}

/** The hatchings that bars fill themselves with, once in a page. */
export function Hatchings() {
  return (
    <svg class="hatchings" aria-hidden="true">
      <defs>
        <Hatching id="history-closed" />
        <Hatching id="history-outage" />
      </defs>
    </svg>
  );
}

function Hatching({ id }: { id: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="3" height="6" />
    </pattern>
  );
}
