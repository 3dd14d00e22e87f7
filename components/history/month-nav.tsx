import { say } from '../../utils/domain/base/words.ts';
import { formatDate } from './sayings.ts';

/** The month that is shown, and the ways to its neighbours, from the first that is known of to today's. */
export function MonthNav({
  month,
  first,
  last,
  onMonth,
}: {
  month: string;
  first: string;
  last: string;
  onMonth(month: string): void;
}) {
  const earlier = shift(month, -1);
  const later = shift(month, 1);
  return (
    <div class="row month-nav">
      <button
        type="button"
        class="quiet"
        data-action="earlier"
        aria-label={say('history_earlier', nameOf(earlier))}
        disabled={month <= first}
        onClick={() => onMonth(earlier)}
      >
        <Arrow path="M10 3 5 8l5 5" />
      </button>
      <h3 aria-live="polite">{nameOf(month)}</h3>
      <button
        type="button"
        class="quiet"
        data-action="later"
        aria-label={say('history_later', nameOf(later))}
        disabled={month >= last}
        onClick={() => onMonth(later)}
      >
        <Arrow path="m6 3 5 5-5 5" />
      </button>
    </div>
  );
}

function Arrow({ path }: { path: string }) {
  return (
    <svg class="arrow" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

const startOf = (month: string) => Date.parse(`${month}-01T00:00:00+05:30`);

function nameOf(month: string): string {
  return formatDate(startOf(month), { month: 'long', year: 'numeric' });
}

/** `2026-12` is one after `2026-11`. */
function shift(month: string, by: 1 | -1): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const months = year * 12 + number - 1 + by;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}
