import { useSignal } from '@preact/signals';
import { say } from '../../utils/domain/base/words.ts';
import type { CoveredDay } from '../../utils/domain/history/coverage.ts';
import { formatIst } from '../../utils/shared/time.ts';
import { DayBar, Hatchings } from './day-bar.tsx';
import { formatDate, sayDay, sayKind, ticksOf } from './sayings.ts';

/**
 * A month as a picture that is a table: each row a day, its bar, its share, and its facts in words, which eyes read below
 * the picture for the day they point at or reach by the keyboard.
 */
export function MonthTable({ days, now }: { days: readonly CoveredDay[]; now: number }) {
  const pointed = useSignal<string | null>(null);
  const focused = useSignal<string | null>(null);
  const shown = days.find(({ date }) => date === (pointed.value ?? focused.value)) ?? null;
  const latest = days.findLast(({ kind }) => kind !== 'future') ?? days[0];
  const stop = days.some(({ date }) => date === focused.value) ? focused.value : latest?.date;
  return (
    <div class="picture">
      <Hatchings />
      <table class="month" onMouseLeave={() => (pointed.value = null)}>
        <thead>
          <tr>
            <th scope="col">{say('label_day')}</th>
            <th scope="col">
              <span class="visually-hidden">{say('history_column_hours')}</span>
              <Axis days={days} />
            </th>
            <th scope="col">{say('history_column_share')}</th>
            <th scope="col">
              <span class="visually-hidden">{say('history_column_facts')}</span>
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={moveFocus}>
          {days.map((day) => (
            <tr
              key={day.date}
              data-day={day.date}
              data-kind={day.kind}
              class={day === shown ? 'shown' : undefined}
              onMouseEnter={() => (pointed.value = day.date)}
            >
              <th scope="row">
                <button
                  type="button"
                  tabIndex={day.date === stop ? 0 : -1}
                  aria-describedby={`facts-${day.date}`}
                  onFocus={() => (focused.value = day.date)}
                  onClick={() => (focused.value = day.date)}
                >
                  {formatDate(day.at, { weekday: 'short', day: 'numeric' })}
                </button>
              </th>
              <td class="timeline">
                <DayBar {...day} />
              </td>
              <td class="share">{sayKind(day)}</td>
              <td>
                <span class="visually-hidden" id={`facts-${day.date}`}>
                  {sayDay(day, now).join(' ')}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Facts day={shown} now={now} />
    </div>
  );
}

/** The clock over the bars, which is that of a day like any other. */
function Axis({ days }: { days: readonly CoveredDay[] }) {
  const hours = (days.find(({ hours, name }) => hours !== null && name === null) ?? days[0])?.hours;
  if (!hours) return null;
  const ticks = ticksOf(hours);
  return (
    <span class="axis" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ '--at': ((at - hours.from) / (hours.to - hours.from)).toFixed(4) }}>
          {formatIst(at)}
        </span>
      ))}
    </span>
  );
}

// The rows say the same to whoever hears them, so this is for eyes alone.
function Facts({ day, now }: { day: CoveredDay | null; now: number }) {
  return (
    <div class="day-facts" aria-hidden="true" data-facts={day?.date}>
      {day === null ? (
        <p class="soft">{say('history_point')}</p>
      ) : (
        <>
          <b>{formatDate(day.at, { weekday: 'long', day: 'numeric', month: 'long' })}</b>
          {sayDay(day, now).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </>
      )}
    </div>
  );
}

/** One Tab reaches the picture, the arrows go from day to day in it. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined || at === -1) return;
  event.preventDefault();
  buttons[Math.min(Math.max(next, 0), buttons.length - 1)]?.focus();
}
