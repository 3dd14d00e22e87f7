import { ProofChain } from '../../../components/account-card/proof-chain.tsx';
import { Advice } from '../../../components/ui/advice.tsx';
import { CONSEQUENCES, TroubleCode, tellTrouble } from '../../../utils/domain/delivery/trouble.ts';
import { ist, NOW, plain, trouble } from '../../support/samples/samples.ts';
import { actions } from '../actions.ts';
import type { Group, State } from '../group.ts';
import { failedLogin, type Known, loggedIn, sessionAt, underWay, viewOf } from '../worlds.ts';

const AT = NOW - 4_000;
const chain = (known: Known): State => ({
  view: () => {
    const { links } = viewOf(known);
    if (links === null) throw new Error('there is no login');
    return <ProofChain links={links} />;
  },
});
const feed = (state: 'off' | 'connecting' | 'subscribed' | 'refused') =>
  ({ state, first_tick_at: null, last_tick_at: null, source: 'kite' }) as const;

/** The proof chain with each link under way, failed and done. */
export const links: Group = {
  name: 'links',
  title: 'The proof chain, link by link',
  few: ['delivering', 'exchange refused', 'live'],
  states: {
    delivering: chain({ world: underWay() }),
    'delivering again': chain({ world: underWay({ trouble: trouble('unreachable'), failures: 1 }) }),
    'delivery failed': chain({ facts: failedLogin('expired') }),
    'own callback awaited': chain({ account: { mode: 'observe' }, world: underWay({ state: 'observed' }) }),
    'own callback silent': chain({
      account: { mode: 'observe' },
      world: underWay({ state: 'observed', callback: { answered: false, at: NOW } }),
    }),
    accepted: chain({
      destination: plain(),
      facts: {
        login: { delivery: 'ob_x', via: 'redirect', capturedAt: AT, endedAt: AT + 400, end: 'accepted', trouble: null },
      },
    }),
    exchanging: chain({ facts: { ...loggedIn(), report: null } }),
    'exchange refused': chain({ facts: failedLogin('token_spent') }),
    'exchange tried again': chain({ world: underWay({ trouble: trouble('unavailable'), failures: 1 }) }),
    verifying: chain({ facts: loggedIn({ session: sessionAt(AT, { state: 'exchanged', verified_at: null }) }) }),
    'verifying again': chain({
      facts: loggedIn({
        session: sessionAt(AT, { state: 'exchanged', verified_at: null, problem: 'Gateway timeout' }),
      }),
    }),
    rejected: chain({ facts: loggedIn({ session: sessionAt(AT, { state: 'rejected' }) }) }),
    connecting: chain({ facts: loggedIn({ feed: feed('connecting') }) }),
    'first tick awaited': chain({ facts: loggedIn({ feed: feed('subscribed') }) }),
    'no tick': chain({ facts: loggedIn({ feed: feed('subscribed') }, NOW - 60_000) }),
    'feed refused': chain({ facts: loggedIn({ feed: feed('refused') }) }),
    'no feed': chain({ facts: loggedIn({ feed: feed('off') }) }),
    'market closed': chain({
      now: ist('2026-11-20 08:50'),
      facts: loggedIn({ at: ist('2026-11-20 08:49:30'), feed: feed('subscribed') }, ist('2026-11-20 08:49:02')),
    }),
    live: chain({ facts: loggedIn() }),
  },
};

/** The words and the button of everything that can go wrong. */
export const troubles: Group = {
  name: 'troubles',
  title: 'What went wrong, in words',
  few: ['unreachable', 'token_spent'],
  pictured: 'few',
  states: Object.fromEntries(
    TroubleCode.options.map((code) => [
      code,
      {
        view: () => (
          <Advice
            advice={{ says: tellTrouble(code), words: null, mend: CONSEQUENCES[code].mend }}
            account="account1"
            actions={actions}
            bad={CONSEQUENCES[code].then === 'end'}
          />
        ),
      },
    ]),
  ),
};
