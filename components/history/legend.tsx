import { say } from '../../utils/domain/base/words.ts';
import { DayBar } from './day-bar.tsx';

const HOURS = { from: 0, to: 1 };
const SIGNS = [
  ['live', { kind: 'trading', hours: HOURS, live: [HOURS], gaps: [] }],
  ['gap', { kind: 'trading', hours: HOURS, live: [], gaps: [{ ...HOURS, why: 'late' }] }],
  ['outage', { kind: 'trading', hours: HOURS, live: [], gaps: [{ ...HOURS, why: 'outage' }] }],
  ['closed', { kind: 'holiday', hours: null, live: [], gaps: [] }],
] as const;

/** What the bars mean; they differ by shape, not by colour alone. */
export function Legend() {
  return (
    <ul class="legend">
      {SIGNS.map(([name, { kind, hours, live, gaps }]) => (
        <li key={name}>
          <DayBar kind={kind} hours={hours} live={[...live]} gaps={[...gaps]} />
          {say(`history_legend_${name}`)}
        </li>
      ))}
    </ul>
  );
}
