import { AccountCard } from '../../../components/account-card/account-card.tsx';
import { COOKIES, HAS_CONTAINERS } from '../../../utils/domain/accounts/permission-names.ts';
import { AskReason } from '../../../utils/domain/capture/capture.ts';
import type { Notice } from '../../../utils/domain/capture/notice.ts';
import type { World } from '../../../utils/domain/session/world.ts';
import { STATUSES } from '../../../utils/domain/view/status.ts';
import { HOUR, MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { account, facts, login, NOW, plain, session, trouble } from '../../support/samples/samples.ts';
import { actions } from '../actions.ts';
import type { Group, State } from '../group.ts';
import {
  BY_STATUS,
  failedLogin,
  GRANTED,
  type Known,
  loggedIn,
  MORNING,
  prod,
  QUEUE,
  underWay,
  viewOf,
} from '../worlds.ts';

const card = (known: Known): State => ({
  view: () => <AccountCard account={viewOf(known)} now={known.now ?? NOW} actions={actions} first={false} />,
});
const each = <T extends string>(names: readonly T[], worldOf: (name: T) => Known): Record<string, State> =>
  Object.fromEntries(names.map((name) => [name, card(worldOf(name))]));

/** An account in every status. */
export const statuses: Group = {
  name: 'statuses',
  title: 'An account in each status',
  few: ['failed', 'expired', 'renew-now', 'working', 'live', 'paused'],
  states: each(STATUSES, (status) => BY_STATUS[status]),
};

const NOTICES: Notice['code'][] = [
  'elsewhere',
  'no-scheme',
  'wrong-state',
  'not-from-broker',
  'no-destination',
  'storage-failed',
];

const ask = (why: AskReason): Known => ({
  facts: loggedIn({}, MORNING),
  world: {
    asks: [
      {
        id: 'question1',
        account: 'account1',
        token: '',
        why,
        place: why === 'no-scheme' ? '127.0.0.1:8000/' : 'http://127.0.0.1:9000/',
        at: NOW - 3 * SECOND,
        expiresAt: NOW + 117 * SECOND,
      },
    ],
  },
});

/** What a card asks, and what it says of a redirect that was not taken. */
export const questions: Group = {
  name: 'questions',
  title: 'Questions and notices on a card',
  few: ['not-started-here', 'elsewhere', 'first login'],
  states: {
    ...each(AskReason.options, ask),
    ...each(NOTICES, (code) => ({
      facts: loggedIn({}, MORNING),
      notice: { code, place: 'http://127.0.0.1:9000/', at: NOW },
    })),
    'first login': card({ account: { expectedUser: null, confirmedUser: null }, facts: loggedIn() }),
  },
};

const spouse = (): Partial<World> => {
  const accounts = [account({ name: 'prod server' }), account({ id: 'account2', name: 'spouse', apiKey: 'second' })];
  const known = facts({ ...loggedIn({ session: session({ user: 'CD****' }) }), destination: 'destination2' });
  return {
    accounts,
    destinations: [prod(), prod({ id: 'destination2', account: 'account2' })],
    facts: new Map([[known.destination, known]]),
  };
};
const atBroker = (is: 'usual' | 'refused', more: Partial<World> = {}): Known => ({
  world: { logins: [login({ at: NOW - 6 * MINUTE, page: { is, at: NOW - 5 * MINUTE } })], ...more },
});

/** Logins that ended at the broker, or were of the wrong person. */
export const atTheBroker: Group = {
  name: 'at-the-broker',
  title: 'A login that the broker does not send back',
  few: ['last step', 'wrong person'],
  states: {
    'last step': card(atBroker('refused')),
    'last step, another account lives': card(atBroker('refused', spouse())),
    'too long': card(atBroker('usual')),
    'no log-out known': card({ ...atBroker('usual'), account: { broker: 'icici', apiKey: 'breezekey' } }),
    'containers, not allowed': card(atBroker('refused', { granted: new Set([...GRANTED, HAS_CONTAINERS]) })),
    'containers, allowed': card(atBroker('refused', { granted: new Set([...GRANTED, HAS_CONTAINERS, COOKIES]) })),
    'wrong person': card({ facts: failedLogin('wrong_account', 'That login is of another user.') }),
  },
};

/** A card with everything that a backend can tell. */
export const backends: Group = {
  name: 'backends',
  title: 'What a backend tells',
  few: ['queue', 'stand-in prices', 'held login'],
  states: {
    queue: card({ facts: loggedIn({ queue: QUEUE }) }),
    'queue waits': card({
      ...BY_STATUS.expired,
      facts: { ...BY_STATUS.expired.facts, report: withQueue(BY_STATUS.expired, { ...QUEUE, latest: [] }) },
    }),
    'stand-in prices': card({
      facts: loggedIn({
        feed: { state: 'live', first_tick_at: null, last_tick_at: null, source: 'yahoo-fallback' },
        configuration: { ZERODHA_API_SECRET: false, SECRET_KEY: true },
      }),
    }),
    'clock behind': card({ facts: loggedIn({ skewMs: -3 * MINUTE }) }),
    'early login': card({
      now: MORNING - 3 * HOUR,
      facts: loggedIn({ at: MORNING - 3 * HOUR }, MORNING - 3 * HOUR - MINUTE),
    }),
    'further destination': card(withFurther()),
    'held login': card({ world: underWay({ state: 'held', trouble: trouble('bad_signature') }) }),
    'tried again': card({ world: underWay({ trouble: trouble('http_server_error', { status: 503 }), failures: 2 }) }),
    'own callback': card({ account: { mode: 'observe' }, world: underWay({ state: 'observed' }) }),
    'callback silent': card({
      account: { mode: 'observe' },
      world: underWay({ state: 'observed', callback: { answered: false, at: NOW } }),
    }),
    'wrong key': card({ facts: failedLogin('configuration', 'Public Key does not exist') }),
  },
};

function withQueue({ facts }: Known, queue: typeof QUEUE) {
  return facts?.report ? { ...facts.report, queue } : null;
}

function withFurther(): Known {
  const main = account({ name: 'prod server', broker: 'icici' });
  return {
    world: {
      accounts: [main],
      destinations: [
        plain({ url: 'https://trade.example.in/token' }),
        prod({ id: 'destination2', further: true, url: 'https://copy.example.in/session' }),
      ],
    },
  };
}
