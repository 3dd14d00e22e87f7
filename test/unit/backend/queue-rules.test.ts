import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SECOND } from '../../../utils/shared/time.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';
import {
  type Broker,
  DONE,
  GONE,
  LIMITED,
  NO_ANSWER,
  openQueue,
  type QueueWorld,
  REFUSED,
} from '../../support/backend/queue-world.ts';

const START = Date.parse('2026-11-20T05:00:00Z');

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      what: fc.constantFrom('read', 'order', 'traced'),
      key: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      with: fc.constantFrom(DONE, GONE, LIMITED, NO_ANSWER, REFUSED),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('log in', 'pulse', 'confirm', 'die') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 60 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A person who retries, confirms and logs in, and a backend that dies, until the steps are over. */
async function live(steps: readonly Step[], dir: string): Promise<void> {
  const broker: Broker = {
    now: START,
    answers: [],
    ran: [],
    lookUp: () => ({ ok: true, value: { found: false } }),
    gate: Promise.resolve(),
  };
  const asked = new Set<string>();
  /** How often each act may have been sent: once for the request, once for each confirmation. */
  const allowed = new Map<string, number>();
  const allow = (what: string) => allowed.set(what, (allowed.get(what) ?? 0) + 1);
  let reads = 0;
  let world: QueueWorld = await openQueue(dir, broker);
  const sent = (what: string) => broker.ran.filter((one) => one === what).length;

  for (const next of steps) {
    if (next.do === 'answer') broker.answers.push(next.with);
    else if (next.do === 'log in') await world.logIn();
    else if (next.do === 'pulse') await world.pulse();
    else if (next.do === 'die') {
      world.die();
      world = await openQueue(dir, broker);
    } else if (next.do === 'wait') {
      broker.now += next.seconds * SECOND;
      await world.processes.beat(broker.now);
      await world.queue.takeOver('zerodha');
    } else if (next.do === 'submit') {
      const key = `${next.what}-${next.key}`;
      if (next.what === 'read') reads += 1;
      else if (!asked.has(key)) allow(key);
      if (next.what !== 'read') asked.add(key);
      await world.submit(next.what, key);
    } else {
      const waiting = (await world.lists.newest()).findLast(({ state }) => state === 'needs_confirmation');
      if (waiting === undefined) continue;
      if (waiting.limit_at > broker.now) allow(waiting.idempotency_key ?? '');
      await world.queue.confirm(waiting.id);
    }
    for (const [what, times] of allowed) expect(sent(what), what).toBeLessThanOrEqual(times);
  }

  const jobs = await world.lists.newest();
  expect(jobs.filter(({ acts }) => acts === 1)).toHaveLength(asked.size);
  expect(jobs.filter(({ acts }) => acts === 0)).toHaveLength(reads);
  await world.queue.stop();
  world.die();
}

it('ORD-02 ORD-04 no act is sent again without a person or after its limit, and no request is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const dir = temporaryDir();
      try {
        await live(steps, dir.path);
      } finally {
        dir.remove();
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
