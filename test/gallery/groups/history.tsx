import { History } from '../../../components/history/history.tsx';
import { coverage } from '../../../utils/domain/history/coverage.ts';
import type { HistoryEntry } from '../../../utils/domain/history/history.ts';
import { type Overview, overview } from '../../../utils/domain/view/overview.ts';
import { NSE_FO } from '../../../utils/shared/market.ts';
import { DAY, HOUR, MINUTE } from '../../../utils/shared/time.ts';
import { ist, NOW, WELL, world } from '../../support/samples/samples.ts';
import { answering } from '../actions.ts';
import type { Group, State } from '../group.ts';
import { focus, later, press } from '../hands.ts';
import { BY_STATUS, loggedIn, shownOf, together } from '../worlds.ts';

const entry = (kind: HistoryEntry['kind'], at: number, until: number | null): HistoryEntry => ({
  key: `${kind}:${at}`,
  kind,
  at,
  until,
});

/** A login each morning at its own minute, and what went wrong on some days. */
function month(
  of: string,
  now: number,
  problems: readonly HistoryEntry[],
  loginAt: (date: string) => number | null,
): HistoryEntry[] {
  const days = coverage([], NSE_FO, of, now).days.filter(({ at, kind }) => kind === 'unknown' && at < now);
  const logins = days.flatMap(({ at, date }) => {
    const minutes = loginAt(date);
    const moment = at + (minutes ?? 0) * MINUTE;
    return minutes === null || moment > now
      ? []
      : [entry('login', moment, moment), entry('session', moment, at + DAY + 6 * HOUR)];
  });
  return [...logins, ...problems];
}

const CLOCK = (date: string, minutes: Record<string, number | null>) => {
  const own = minutes[date.slice(8)];
  return own === undefined ? 8 * 60 + 40 + (Number(date.slice(8)) % 7) : own;
};

const FULL = month(
  '2026-11',
  NOW,
  [
    entry('outage', ist('2026-11-11 10:02'), ist('2026-11-11 10:43')),
    entry('failed-login', ist('2026-11-06 09:20'), ist('2026-11-06 09:20')),
    entry('rejection', ist('2026-11-16 13:05'), null),
    entry('login', ist('2026-11-16 13:31'), ist('2026-11-16 13:31')),
    entry('session', ist('2026-11-16 13:31'), ist('2026-11-17 06:00')),
  ],
  (date) => CLOCK(date, { '03': 9 * 60 + 58, '06': 9 * 60 + 26, '13': null }),
);
const HOLIDAYS = month('2026-10', ist('2026-10-31 18:00'), [], (date) => CLOCK(date, {}));

const history = (
  shown: () => Overview,
  entries: HistoryEntry[] | 'reading' | 'failed',
  after?: State['after'],
): State => ({
  view: () => (
    <History
      overview={shown()}
      actions={answering((command) => {
        if (entries === 'reading') return new Promise(() => undefined);
        if (entries === 'failed' || command.type !== 'history') return { ok: false, problems: [] };
        return { ok: true, histories: [{ account: 'account1', entries }] };
      })}
    />
  ),
  after,
});
const one = () => shownOf(BY_STATUS.live);
const icici = { name: 'family HUF', broker: 'icici', expectedUser: null } as const;

/** Once the history is there, which it is after its answer is drawn. */
const then = (act: (root: ShadowRoot) => void) => (root: ShadowRoot) => later(root, '.month', act);

/** How market hours were covered. */
export const histories: Group = {
  name: 'history',
  title: 'The history',
  few: ['month', 'failed'],
  width: 640,
  states: {
    month: history(
      one,
      FULL,
      then((root) => focus(root, '[data-day="2026-11-06"] button')),
    ),
    'month with holidays': history(() => shownOf({ ...BY_STATUS.live, now: ist('2026-10-31 18:00') }), HOLIDAYS),
    'month before': history(
      one,
      [...HOLIDAYS, ...FULL],
      then((root) => press(root, '[data-action=earlier]')),
    ),
    'two accounts': history(() => together([{ facts: loggedIn() }, { account: icici, facts: loggedIn() }]), []),
    empty: history(one, []),
    reading: history(one, 'reading'),
    failed: history(one, 'failed'),
    'no account': history(() => overview(world({ accounts: [], destinations: [] }), WELL), []),
  },
};
