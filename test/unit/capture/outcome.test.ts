import { describe, expect, it } from 'vitest';
import { fateOf, type Outcome } from '../../../utils/domain/capture/outcome.ts';
import { login, NOW } from '../../support/samples/samples.ts';

const outcome: Outcome = { tab: 7, account: 'account1', what: 'captured', at: NOW };
const seen = { id: 'seen0001', tab: 7, url: 'http://127.0.0.1/', origin: null, isHeader: true, start: null };
const nothing = { outcomes: [], seen: [], logins: [] };

describe('our page, in the place of a redirect', () => {
  it.each<[string, string, Partial<Parameters<typeof fateOf>[2]>, number]>([
    ['captured', 'as it was judged', { outcomes: [outcome] }, 0],
    ['captured', 'as it was judged, long ago', { outcomes: [outcome] }, 60_000],
    ['waiting', 'in its first moment', {}, 100],
    ['waiting', 'as long as it waits to be judged', { seen: [seen], logins: [login()] }, 60_000],
    ['lost', 'of a login that was begun in this tab', { logins: [login()] }, 5_000],
    ['lost', 'of a login whose tab was just being opened', { logins: [login({ tab: -1 })] }, 5_000],
    ['nothing', 'of no login that is known', {}, 5_000],
    ['nothing', 'of another tab’s login', { logins: [login({ tab: 8 })] }, 5_000],
    ['nothing', 'of what became of another tab’s', { outcomes: [{ ...outcome, tab: 8 }] }, 5_000],
    ['lost', 'though the clock was set back since', { logins: [login()] }, -5_000],
  ])('says %s: %s', (is, _when, stored, age) => {
    expect(fateOf(7, NOW - age, { ...nothing, ...stored }, NOW).is).toBe(is);
  });
});
