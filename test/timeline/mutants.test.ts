import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { openPlayer } from './play.ts';
import { buildProduct } from './product.ts';
import { pairsOf, type Schedule, singleFaults } from './schedule.ts';

const DESTINATIONS: Schedule['destination'][] = ['kite', 'breeze', 'plain'];

/** The simplest stories first: no fault, then each one alone, then some of two. */
function* simplestFirst(known?: Schedule): Generator<Schedule> {
  if (known) yield known;
  for (const redirectMs of [8_000, 1]) {
    for (const destination of DESTINATIONS) {
      yield { destination, redirectMs, faults: [] };
      for (const fault of singleFaults(redirectMs)) yield { destination, redirectMs, faults: [fault] };
    }
  }
  for (const destination of DESTINATIONS) yield* pairsOf(destination, 8_000);
}

it('the product as it is is caught by no story without a fault', async () => {
  const play = await openPlayer(await buildProduct());
  for (const destination of DESTINATIONS)
    expect((await play({ destination, redirectMs: 8_000, faults: [] })).wrong).toEqual([]);
});

describe('a product with one broken rule is caught by the same stories (REL-01, STO-07)', () => {
  it.each(MUTANTS)('$rule', { timeout: 300_000 }, async (mutation) => {
    const play = await openPlayer(await buildProduct(mutation));
    let caught: string[] = [];
    for (const schedule of simplestFirst(mutation.known)) {
      caught = (await play(schedule)).wrong;
      if (caught.length > 0) break;
    }
    expect(caught).not.toEqual([]);
  });
});
