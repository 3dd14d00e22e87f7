import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FromDashboard } from '../../../utils/domain/hold/messages.ts';
import { tellBackground } from '../../../utils/hold/isolated/hold-teller.ts';

type Waiting = Extract<FromDashboard, { type: 'waiting' }>;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What the background hears of a page whose requests change like this, all within a second of its last word. */
function heard(changes: Partial<Waiting>[]): FromDashboard[] {
  const said: FromDashboard[] = [];
  let waiting: Waiting = { type: 'waiting', count: 1, since: 5, visible: true, shownAt: null };
  const link = { open() {}, close() {}, say: (message: FromDashboard) => void said.push(message) };
  const teller = tellBackground({ link, look: () => waiting, isNeeded: () => true });
  teller.soon();
  vi.advanceTimersByTime(100);
  said.length = 0;
  for (const change of changes) {
    waiting = { ...waiting, ...change };
    teller.soon();
  }
  vi.advanceTimersByTime(1_000);
  return said;
}

it.each<[what: string, changes: Partial<Waiting>[], told: Partial<Waiting>[]]>([
  ['once of what failed in one second', [{ count: 2 }, { count: 3 }], [{ count: 3, since: 5 }]],
  ['that it is hidden', [{ visible: false }], [{ count: 1, visible: false }]],
  ['nothing where all is as it was', [{ count: 2 }, { count: 1 }], []],
  // By the time of the first one the session has been renewed; by that of the second it has ended again.
  [
    'of another that waits in place of the first',
    [
      { count: 0, since: 0 },
      { count: 1, since: 900 },
    ],
    [{ since: 900 }],
  ],
])('a page tells %s', (_, changes, told) => {
  const said = heard(changes);
  expect(said).toMatchObject(told);
  expect(said).toHaveLength(told.length);
});
