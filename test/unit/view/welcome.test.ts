import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_CONSENT, NO_CONSENT_ASKED } from '../../../utils/domain/accounts/permission-names.ts';
import type { World } from '../../../utils/domain/session/world.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import {
  accountInHand,
  type Draft,
  keepable,
  NO_DRAFT,
  stepOf,
  usualName,
} from '../../../utils/domain/view/welcome.ts';
import {
  account,
  delivery,
  facts,
  NOW,
  report,
  SECRET,
  session,
  signed,
  WELL,
  world,
} from '../../support/samples/samples.ts';

const HOSTS = ['https://kite.zerodha.com/*', 'https://backend.example/*'];
const destination = signed({ url: 'https://backend.example/session' });
const granted = new Set([...HOSTS, NO_CONSENT_ASKED]);
const verified = facts({
  provenAt: NOW,
  nextCheckAt: NOW,
  report: report({ session: session({ state: 'verified' }), feed: undefined }),
});

const see = (change: Partial<World>) => overview(world({ deliveries: [], ...change }), WELL);
const shownIn = (change: Partial<World>) => see(change).accounts[0] ?? null;

const BARE = { accounts: [account()], destinations: [], facts: new Map(), granted };
const WHOLE = { ...BARE, destinations: [destination] };
const TESTED = destination.id;

describe('how far a set-up is, by what is stored', () => {
  it.each<[string, Partial<World>, string | null, string]>([
    ['nothing', { accounts: [], destinations: [] }, null, 'account'],
    ['an account', BARE, null, 'destination'],
    ['a destination, no address allowed', { ...WHOLE, granted: new Set([NO_CONSENT_ASKED]) }, null, 'permissions'],
    [
      'a destination, one address missing',
      { ...WHOLE, granted: new Set([HOSTS[1] ?? '', NO_CONSENT_ASKED]) },
      null,
      'permissions',
    ],
    ['a destination, no consent in Firefox', { ...WHOLE, granted: new Set(HOSTS) }, null, 'permissions'],
    ['all that in Firefox', { ...WHOLE, granted: new Set([...HOSTS, DATA_CONSENT]) }, null, 'test'],
    ['everything allowed', WHOLE, null, 'test'],
    ['another destination tested', WHOLE, 'older123', 'test'],
    ['the test passed', WHOLE, TESTED, 'login'],
    ['a login under way', { ...WHOLE, deliveries: [delivery()] }, null, 'login'],
    ['a session that is verified', { ...WHOLE, facts: new Map([['destination1', verified]]) }, null, 'daily'],
    [
      'a session whose addresses were taken back',
      { ...WHOLE, facts: new Map([['destination1', verified]]), granted: new Set([NO_CONSENT_ASKED]) },
      null,
      'permissions',
    ],
    [
      'a callback that is only watched',
      { ...BARE, accounts: [account({ mode: 'observe', redirectUrl: 'https://backend.example/cb' })] },
      null,
      'login',
    ],
  ])('%s', (_, change, tested, step) => {
    expect(stepOf(shownIn(change), tested)).toBe(step);
  });

  it('takes the first account that is not ready, the one that was begun, or a new one', () => {
    const two = see({
      ...BARE,
      accounts: [account(), account({ id: 'account2', name: 'second' })],
      destinations: [destination],
      facts: new Map([['destination1', verified]]),
    });
    const inHand = (draft: Partial<Draft>) => accountInHand(two, { ...NO_DRAFT, ...draft })?.settings.id ?? null;
    expect(inHand({})).toBe('account2');
    expect(inHand({ account: 'account1' })).toBe('account1');
    expect(inHand({ account: 'gone12345' })).toBe('account2');
    expect(inHand({ account: 'new' })).toBeNull();
  });

  it('names a new account like its broker, unless one is called so', () => {
    const { accounts } = see({
      ...BARE,
      accounts: [account({ name: 'zerodha' }), account({ id: 'account2', name: 'zerodha-2' })],
    });
    expect(usualName('zerodha', accounts)).toBe('zerodha-3');
    expect(usualName('icici', accounts)).toBe('icici');
  });
});

describe('a draft', () => {
  const SECRETS = [SECRET, 'obp1_c2VjcmV0', 'TokenOfKiteWith32LettersAndDigit', 'hunter2'];

  it('keeps what was typed', () => {
    const draft: Draft = {
      ...NO_DRAFT,
      byHand: true,
      form: {
        broker: 'icici',
        name: 'mine',
        redirectUrl: 'http://localhost:1/x',
        mode: 'forward',
        expectedUser: 'AB1',
      },
      address: 'https://backend.example/session',
    };
    expect(keepable(draft)).toEqual(draft);
  });

  it('keeps no secret, whatever field it was pasted into', () => {
    const place = fc.constantFrom('name', 'redirectUrl', 'expectedUser', 'address');
    const secret = fc.constantFrom(
      `${SECRETS[0]}`,
      `zerodha: ${SECRETS[1]}`,
      `http://127.0.0.1/?request_token=${SECRETS[2]}`,
      `https://me:${SECRETS[3]}@backend.example/`,
      `https://backend.example/session?key=${SECRETS[0]}`,
      // With a second thing wrong, behind which the token could hide.
      `http://127.0.0.1/?apisession=${SECRETS[2]} `,
      `"http://127.0.0.1/?apisession=${SECRETS[2]}"`,
      `127.0.0.1/?apisession=${SECRETS[2]}`,
      `http://127.0.0.1/#?session_token=${SECRETS[2]}`,
      `${SECRETS[2]}`,
    );
    const property = fc.property(place, secret, (field, text) => {
      const typed =
        field === 'address'
          ? { ...NO_DRAFT, address: text }
          : { ...NO_DRAFT, form: { ...NO_DRAFT.form, [field]: text } };
      const kept = JSON.stringify(keepable(typed));
      for (const one of SECRETS) expect(kept).not.toContain(one);
    });
    fc.assert(property);
  });
});
