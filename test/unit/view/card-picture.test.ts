import { afterEach, describe, expect, it } from 'vitest';
import hindi from '../../../public/_locales/hi/messages.json' with { type: 'json' };
import { ago, left, seconds } from '../../../utils/domain/base/span.ts';
import { languageOf, speak } from '../../../utils/domain/base/words.ts';
import { badge } from '../../../utils/domain/view/badge.ts';
import { glance } from '../../../utils/domain/view/card-picture.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { STATUSES } from '../../../utils/domain/view/status.ts';
import { TONES } from '../../../utils/domain/view/tone.ts';
import { byNeed, byNeedOfAll } from '../../../utils/domain/view/urgency.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { overviewOf, SAMPLES, type Sample } from '../../support/samples/overviews.ts';
import { account, facts, NOW, plain, report, signed, WELL, world } from '../../support/samples/samples.ts';
import { speakEnglish } from '../../support/speak-english.ts';

const viewOf = (sample: Sample) => {
  const [view] = overviewOf(sample).accounts;
  if (!view) throw new Error('no account is shown');
  return view;
};

describe('at a glance', () => {
  it.each<[keyof typeof SAMPLES, ReturnType<typeof glance>]>([
    ['live', 'day'],
    ['untilMidnight', 'day'],
    ['untilNoon', 'day'],
    ['expired', 'nothing'],
    ['never', 'nothing'],
    ['renewed', 'chain'],
    ['refused', 'chain'],
  ])('%s is drawn as %s', (name, drawn) => {
    expect(glance(viewOf(SAMPLES[name]), NOW)).toBe(drawn);
  });

  it('a login is news for ten minutes, and longer where it is amiss', () => {
    const view = viewOf(SAMPLES.renewed);
    expect(glance(view, NOW + 9 * MINUTE)).toBe('chain');
    expect(glance(view, NOW + 11 * MINUTE)).toBe('day');
    expect(glance(viewOf(SAMPLES.refused), NOW + 2 * HOUR)).toBe('chain');
  });

  it('a session without a known end is drawn, one that is over or paused is not', () => {
    const view = viewOf(SAMPLES.live);
    const term = view.term && { ...view.term, endsAt: null };
    expect(glance({ ...view, term }, NOW)).toBe('day');
    expect(glance(view, NOW + 2 * DAY)).toBe('nothing');
    expect(glance({ ...view, status: 'paused' }, NOW)).toBe('nothing');
    expect(glance({ ...view, term: null }, NOW)).toBe('nothing');
  });
});

describe('the account that needs a person most', () => {
  const all = STATUSES.map((status) => ({ status, ask: null, further: [] }));

  it('stands first, and equal ones keep their order', () => {
    expect(byNeed(all.toReversed())).toEqual(all);
    const [first, second] = [
      { status: 'live', ask: null, name: 'a' } as const,
      { status: 'live', ask: null, name: 'b' } as const,
    ];
    expect(byNeed([first, second])).toEqual([first, second]);
  });

  it('is the one with an open question', () => {
    const asked = { status: 'live', ask: {}, further: [] } as const;
    expect(byNeedOfAll([...all, asked])[0]).toBe(asked);
  });

  it('is needed as much as its further destination that needs most', () => {
    const [failed, live] = [{ status: 'failed', ask: null } as const, { status: 'live', ask: null } as const];
    const copied = { ...live, further: [live, failed] };
    expect(byNeedOfAll([{ ...live, further: [] }, { ...live, status: 'expired', further: [] }, copied])[0]).toBe(
      copied,
    );
  });
});

describe('the toolbar’s icon', () => {
  it('stands for the same account as the badge, and is green where the badge is', () => {
    for (const status of STATUSES) {
      const view = { ...viewOf(SAMPLES.live), status };
      const shown = badge([view], NOW);
      expect(shown.icon).toBe(TONES[status]);
      expect(shown.icon === 'well').toBe(shown.text === '✓');
      expect(shown.icon === 'wrong').toBe(shown.text === '✕' || shown.text === '⌀');
    }
    expect(badge([{ ...viewOf(SAMPLES.live), ask: {} }], NOW).icon).toBe('due');
    expect(badge([], NOW).icon).toBe('idle');
  });
});

describe('a span of time', () => {
  afterEach(speakEnglish);

  it.each([
    [0, 'under a minute left'],
    [MINUTE - 1, 'under a minute left'],
    [MINUTE, '1 min left'],
    [HOUR - 1, '59 min left'],
    [6 * HOUR + 12 * MINUTE + 59 * SECOND, '6 h 12 min left'],
    [DAY - 1, '23 h 59 min left'],
    [2 * DAY + 3 * HOUR, '2 d 3 h left'],
  ])('of %i ms to come is “%s”', (ms, words) => expect(left(ms)).toBe(words));

  it.each([
    [-5, 'just now'],
    [9_999, 'just now'],
    [10 * SECOND, '10 s ago'],
    [3 * MINUTE, '3 min ago'],
    [26 * HOUR, '26 h ago'],
  ])('of %i ms gone by is “%s”', (ms, words) => expect(ago(ms)).toBe(words));

  it('is said in Hindi too', () => {
    speak(languageOf('hi', hindi));
    expect(left(6 * HOUR + 12 * MINUTE)).toBe('6 घंटे 12 मिनट बाकी');
    expect(seconds(1_234)).toBe('1.2');
  });
});

describe('the next check', () => {
  const nextOf = (change: Parameters<typeof world>[0]) => overview(world(change), WELL).nextCheckAt;
  const due = (at: number, id = 'destination1') => facts({ destination: id, report: report(), nextCheckAt: at });

  it('is the earliest of all accounts that can be asked', () => {
    const accounts = [account(), account({ id: 'account2' }), account({ id: 'account3', paused: true })];
    const destinations = accounts.map(({ id }) => signed({ id: `d-${id}`, account: id }));
    const known = new Map(destinations.map(({ id }, index) => [id, due(NOW + (3 - index) * MINUTE, id)]));
    expect(nextOf({ accounts, destinations, facts: known })).toBe(NOW + 2 * MINUTE);
  });

  it.each<[string, Parameters<typeof world>[0]]>([
    ['there is no account', { accounts: [], destinations: [] }],
    ['its destination proves nothing', { destinations: [plain()], facts: new Map([['destination1', due(NOW + 1)]]) }],
    ['its address is not allowed', { granted: new Set(), facts: new Map([['destination1', due(NOW + 1)]]) }],
    ['it is paused', { accounts: [account({ paused: true })], facts: new Map([['destination1', due(NOW + 1)]]) }],
  ])('is none where %s', (_, change) => expect(nextOf(change)).toBeNull());
});
