import fc from 'fast-check';
import { MINUTE, SECOND } from '../../utils/shared/time.ts';

/** What becomes of one request: on its way there, at the receiver, on its way back. */
export const FATES = [
  'lost',
  'never-arrives',
  'answer-lost',
  'never-answered',
  'duplicate',
  'late-duplicate',
  'slow',
  'too-slow',
  'server-error',
  'server-error-after',
  'busy',
  'impostor',
  'web-page',
  'crash-before',
  'crash-during',
  'crash-after',
  'broker-busy',
  'broker-down',
] as const;
export type Fate = (typeof FATES)[number];

/** What a person, or a page, does meanwhile. */
export const ACTS = [
  'popup',
  'retry',
  'reload',
  'evil-link',
  'paste-same',
  'log-in-again',
  'other-browser',
  'other-browser-same',
] as const;
export type Act = (typeof ACTS)[number];

export const RESTARTS = ['restart', 'restart-without-alarm', 'update', 'update-keeping-memory'] as const;

/** One fault. Requests, effects and alarms are counted from the press on *Log in*; `at` is milliseconds after it. */
export type Fault =
  | { kind: 'kill'; after: number }
  | { kind: 'request'; number: number; fate: Fate }
  | { kind: 'alarm'; number: number; lateMs: number; twice: boolean }
  | { kind: 'jump'; at: number; byMs: number }
  | { kind: 'restart'; at: number; how: (typeof RESTARTS)[number] }
  | { kind: 'act'; at: number; act: Act };

/** A login and what befalls it. */
export interface Schedule {
  destination: 'kite' | 'breeze' | 'plain';
  /** From the press on *Log in* to the broker's redirect. */
  redirectMs: number;
  faults: Fault[];
  /** Whether the receiver holds the answer to a check that waits. */
  holds?: boolean;
}

const JUMPS_MS = [-26 * 60 * MINUTE, -4 * MINUTE, -40 * SECOND, 40 * SECOND, 3 * MINUTE, 26 * 60 * MINUTE];
const EFFECTS = 60;
const REQUESTS = 8;

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('kill' as const), after: fc.nat(EFFECTS) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('request' as const),
      number: fc.nat(REQUESTS),
      fate: fc.constantFrom(...FATES),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('alarm' as const),
      number: fc.nat(4),
      lateMs: fc.constantFrom(0, 5 * SECOND, MINUTE),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('jump' as const),
      at: fc.nat(40 * SECOND),
      byMs: fc.constantFrom(...JUMPS_MS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      at: fc.nat(40 * SECOND),
      how: fc.constantFrom(...RESTARTS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      at: fc.nat(40 * SECOND),
      act: fc.constantFrom(...ACTS),
    }),
  },
);

/** Any schedule of up to six faults. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  destination: fc.constantFrom('kite', 'breeze', 'plain'),
  redirectMs: fc.constantFrom(1, 700, 8 * SECOND, 45 * SECOND),
  faults: fc.array(fault, { maxLength: 6 }),
  holds: fc.boolean(),
});

/** Every fault that can befall the plain story, each kind at each of its places. */
export function singleFaults(redirectMs: number): Fault[] {
  const moments = [redirectMs - 1, redirectMs + 30, redirectMs + 10 * SECOND];
  return [
    ...Array.from({ length: 40 }, (_, after): Fault => ({ kind: 'kill', after })),
    ...FATES.flatMap((fate) => [0, 1, 2].map((number): Fault => ({ kind: 'request', number, fate }))),
    ...[0, 1].flatMap((number): Fault[] => [
      { kind: 'alarm', number, lateMs: MINUTE, twice: false },
      { kind: 'alarm', number, lateMs: 0, twice: true },
    ]),
    ...moments.flatMap((at) => JUMPS_MS.map((byMs): Fault => ({ kind: 'jump', at, byMs }))),
    ...moments.flatMap((at) => RESTARTS.map((how): Fault => ({ kind: 'restart', at, how }))),
    ...moments.flatMap((at) => ACTS.map((act): Fault => ({ kind: 'act', at, act }))),
  ];
}

/** All schedules of no, one or two of these faults; of `most` at the most. */
export function* pairsOf(destination: Schedule['destination'], redirectMs: number, most = 2): Generator<Schedule> {
  const singles = singleFaults(redirectMs);
  yield { destination, redirectMs, faults: [] };
  for (const [index, first] of singles.entries()) {
    yield { destination, redirectMs, faults: [first] };
    if (most < 2) continue;
    for (const second of singles.slice(index)) yield { destination, redirectMs, faults: [first, second] };
  }
}
