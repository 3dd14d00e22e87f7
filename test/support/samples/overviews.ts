import type { SessionFacts } from '../../../utils/domain/session/facts.ts';
import type { Overview } from '../../../utils/domain/view/overview.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { together } from '../../gallery/worlds.ts';
import { iso, ist, NOW, report, session, trouble } from './samples.ts';

/** What the screens are given of accounts in certain states, made by the domain at `NOW`. */

export interface Sample {
  broker: BrokerId;
  name: string;
  facts: Partial<SessionFacts>;
}

const MORNING = ist('2026-11-20 08:49:12');
const QUEUE = { parked: 0, queued: 0, running: 0, done: 0, failed: 0, needs_confirmation: 0, latest: [] };
const job = (
  id: string,
  label: string,
  state: 'parked' | 'done' | 'needs_confirmation',
  tookMs: number | null = null,
) => ({
  id,
  label,
  state,
  parked_at: iso(ist('2026-11-20 07:02')),
  finished_at: null,
  took_ms: tookMs,
});

const loginAt = (at: number): NonNullable<SessionFacts['login']> => ({
  delivery: session().delivery ?? '',
  via: 'redirect',
  capturedAt: at,
  endedAt: at + 200,
  end: 'applied',
  trouble: null,
});

/** A session of that login, verified a while later by a backend that was heard three minutes ago. */
const alive = (at: number, endsAt: string): Partial<SessionFacts> => ({
  login: loginAt(at),
  report: report({
    at: Math.max(at + 1_500, NOW - 180_000),
    session: session({ exchanged_at: iso(at + 600), verified_at: iso(at + 800), expires_at: iso(ist(endsAt)) }),
    feed: { state: 'live', first_tick_at: iso(at + 1_400), last_tick_at: iso(NOW), source: 'broker' },
    queue: QUEUE,
  }),
  nextCheckAt: NOW + 120_000,
});

const ended: Partial<SessionFacts> = {
  report: report({
    at: NOW - 60_000,
    session: session({ state: 'expired', expires_at: iso(ist('2026-11-20 06:00')) }),
    queue: { ...QUEUE, parked: 3, latest: ['a', 'b', 'c'].map((id) => job(id, 'quote', 'parked')) },
  }),
  nextCheckAt: NOW + 240_000,
};

const renewed = alive(NOW - 20_000, '2026-11-21 06:00:00');
const retried = [
  job('1', 'Nifty strangle analysis', 'done', 312),
  job('2', 'Verify future trade', 'done', 204),
  job('3', 'Place order', 'needs_confirmation'),
];

export const SAMPLES = {
  live: { broker: 'zerodha', name: 'prod server', facts: alive(MORNING, '2026-11-21 06:00:00') },
  untilMidnight: { broker: 'icici', name: 'family HUF', facts: alive(MORNING, '2026-11-21 00:00:00') },
  untilNoon: { broker: 'zerodha', name: 'own rule', facts: alive(MORNING, '2026-11-20 12:10:00') },
  expired: { broker: 'zerodha', name: 'second server', facts: ended },
  never: { broker: 'icici', name: 'papa', facts: {} },
  renewed: {
    broker: 'zerodha',
    name: 'just now',
    facts: {
      ...renewed,
      report: renewed.report && { ...renewed.report, queue: { ...QUEUE, done: 2, latest: retried } },
    },
  },
  refused: {
    broker: 'icici',
    name: 'wrong key',
    facts: {
      login: {
        ...loginAt(NOW - 40_000),
        end: 'failed',
        trouble: trouble('configuration', { words: 'Public Key does not exist.', at: NOW - 39_000 }),
      },
    },
  },
} as const satisfies Record<string, Sample>;

/** The view model of these accounts, in this order. */
export function overviewOf(...samples: readonly Sample[]): Overview {
  return together(
    samples.map(({ broker, name, facts }, index) => ({
      account: { broker, name, redirectUrl: `http://127.0.0.1:${8_000 + index}/` },
      facts,
    })),
  );
}
