import type { Account, Destination } from '../../utils/domain/accounts/settings.ts';
import type { Notice } from '../../utils/domain/capture/notice.ts';
import type { SessionFacts } from '../../utils/domain/session/facts.ts';
import type { World } from '../../utils/domain/session/world.ts';
import { type AccountView, type Overview, overview } from '../../utils/domain/view/overview.ts';
import type { Status } from '../../utils/domain/view/status.ts';
import type { QueueState, SessionState } from '../../utils/shared/contract.ts';
import { JOB_STATES } from '../../utils/shared/contract.ts';
import { HOUR, MINUTE, SECOND } from '../../utils/shared/time.ts';
import {
  account,
  DELIVERY_ID,
  delivery,
  facts,
  iso,
  ist,
  NOW,
  plain,
  report,
  session,
  signed,
  trouble,
  WELL,
  world,
} from '../support/samples/samples.ts';

/*
 * Every picture of the gallery is what the domain makes of such a world, so none can show a state that cannot be. A world
 * is one account at ten on a Friday morning, unless it says otherwise.
 */

type Report = NonNullable<SessionFacts['report']>;

/** One account with what is known of it, as its world. */
export interface Known {
  now?: number;
  account?: Partial<Account>;
  destination?: Destination | null;
  facts?: Partial<SessionFacts>;
  notice?: Omit<Notice, 'account'>;
  world?: Partial<World>;
}

export const prod = (change: Partial<Extract<Destination, { kind: 'signed' }>> = {}) =>
  signed({ url: 'https://trade.example.in/session', fingerprint: '7f3a 91c2', ...change });

/** The world of one account. */
export function worldOf(of: Known): World {
  const { now = NOW, account: change, destination = prod(), facts: known, notice, world: more } = of;
  const one = account({ name: 'prod server', confirmedUser: 'AB****', ...change });
  return world({
    now,
    accounts: [one],
    destinations: destination ? [{ ...destination, account: one.id }] : [],
    facts: factsAt(destination?.id ?? one.id, known),
    notices: new Map(notice ? [[one.id, { ...notice, account: one.id }]] : []),
    granted: GRANTED,
    ...more,
  });
}

function factsAt(id: string, known: Partial<SessionFacts> = {}): World['facts'] {
  return new Map([[id, facts({ ...known, destination: id })]]);
}

export const GRANTED = new Set([
  'https://kite.zerodha.com/*',
  'https://api.icicidirect.com/*',
  'https://trade.example.in/*',
  'https://copy.example.in/*',
  'http://127.0.0.1/*',
  'data:not-asked',
]);

/** The overview of one account's world. */
export function shownOf(known: Known): Overview {
  return overview(worldOf(known), WELL);
}

/** What the screens show of one account. */
export function viewOf(known: Known): AccountView {
  const [view] = shownOf(known).accounts;
  if (!view) throw new Error('no account is shown');
  return view;
}

/** The screens of several accounts, each with an id of its own. */
export function together(all: readonly Known[], now = NOW): Overview {
  const worlds = all.map((known, index) => {
    const id = `account${index + 1}`;
    return worldOf({
      ...known,
      now: known.now ?? now,
      account: { ...known.account, id },
      destination:
        known.destination === null ? null : { ...(known.destination ?? prod()), id: `destination${index + 1}` },
      world: undefined,
    });
  });
  return overview(
    world({
      now,
      granted: GRANTED,
      accounts: worlds.flatMap(({ accounts }) => accounts),
      destinations: worlds.flatMap(({ destinations }) => destinations),
      facts: new Map(worlds.flatMap((one) => [...one.facts])),
      notices: new Map(worlds.flatMap((one) => [...one.notices])),
    }),
    WELL,
  );
}

/** A login of some seconds ago that went all the way, or as far as `change` says. */
export function loggedIn(change: Partial<Report> = {}, at = NOW - 4 * SECOND): Partial<SessionFacts> {
  const ended = { delivery: DELIVERY_ID, via: 'redirect', capturedAt: at, endedAt: at + 620 } as const;
  return {
    login: { ...ended, end: 'applied', trouble: null },
    provenAt: at + 800,
    report: report({
      at: Math.max(at + 1_500, NOW - 2 * MINUTE),
      session: sessionAt(at),
      feed: { state: 'live', first_tick_at: iso(at + 1_400), last_tick_at: iso(NOW - SECOND), source: 'kite' },
      ...change,
    }),
  };
}

export function sessionAt(at: number, change: Partial<SessionState> = {}): SessionState {
  return session({ exchanged_at: iso(at + 600), verified_at: iso(at + 800), ...change });
}

/** A login whose delivery ended badly. */
export function failedLogin(code: Parameters<typeof trouble>[0], words?: string): Partial<SessionFacts> {
  const at = NOW - 4 * SECOND;
  const ended = { delivery: DELIVERY_ID, via: 'redirect', capturedAt: at, endedAt: at + 700 } as const;
  return { provenAt: NOW, login: { ...ended, end: 'failed', trouble: trouble(code, { at: at + 700, words }) } };
}

/** A delivery under way: waiting, held, or observed, with what stands in its way. */
export function underWay(change: Parameters<typeof delivery>[0] = {}): Partial<World> {
  return { deliveries: [delivery({ capturedAt: NOW - 4 * SECOND, ...change })] };
}

export const MORNING = ist('2026-11-20 08:49:02');

/** The requests that a backend retried, one in each state. */
export const QUEUE: QueueState = {
  parked: 2,
  queued: 1,
  running: 1,
  done: 1,
  failed: 1,
  needs_confirmation: 1,
  latest: JOB_STATES.map((state, index) => ({
    id: `job${index}`,
    label:
      ['Nifty strangle analysis', 'Verify future trade', 'Option chain NIFTY', 'Quotes', 'Profile', 'Holdings'][
        index
      ] ?? 'Place order NIFTY',
    state,
    parked_at: iso(NOW - HOUR),
    finished_at: state === 'done' || state === 'failed' ? iso(NOW - MINUTE) : null,
    took_ms: state === 'done' || state === 'failed' ? 300 + index * 100 : null,
    problem: state === 'failed' ? 'Too many requests' : null,
  })),
};

const EIGHT_HOURS = { rule: { ttlMs: 8 * HOUR }, renewsItself: false };
const endsIn = (ms: number) => ({
  account: { clock: EIGHT_HOURS },
  facts: loggedIn({ session: sessionAt(NOW + ms - 8 * HOUR, { expires_at: null }) }, NOW + ms - 8 * HOUR),
});

/** A world for every status there is. */
export const BY_STATUS: Record<Status, Known> = {
  failed: { facts: failedLogin('token_spent', 'Token is invalid or has expired.') },
  rejected: {
    facts: loggedIn(
      {
        session: sessionAt(MORNING, { state: 'rejected', problem: 'Incorrect `api_key` or `access_token`.' }),
        feed: undefined,
      },
      MORNING,
    ),
  },
  unreachable: { facts: { ...loggedIn({}, MORNING), checkTrouble: trouble('timeout', { at: NOW - 40 * SECOND }) } },
  expired: {
    now: ist('2026-11-20 08:48'),
    facts: loggedIn(
      { session: sessionAt(MORNING - 24 * HOUR, { expires_at: iso(ist('2026-11-20 06:00')) }) },
      MORNING - 24 * HOUR,
    ),
  },
  never: { facts: {} },
  'renew-now': endsIn(12 * MINUTE),
  setup: { destination: null },
  unverified: { facts: loggedIn({ at: NOW - 25 * MINUTE }, MORNING) },
  'due-soon': endsIn(25 * MINUTE),
  suspect: {
    now: ist('2026-11-20 07:05'),
    facts: loggedIn(
      { at: ist('2026-11-20 07:04'), session: sessionAt(ist('2026-11-20 06:40')) },
      ist('2026-11-20 06:40'),
    ),
  },
  working: { world: underWay() },
  accepted: {
    destination: plain({ url: 'https://trade.example.in/token' }),
    facts: {
      login: {
        delivery: DELIVERY_ID,
        via: 'redirect',
        capturedAt: MORNING,
        endedAt: MORNING + 300,
        end: 'accepted',
        trouble: null,
      },
    },
  },
  verified: { facts: loggedIn({ feed: undefined }, MORNING) },
  live: { facts: loggedIn() },
  paused: { account: { paused: true } },
};
