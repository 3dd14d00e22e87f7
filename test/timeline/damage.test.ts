import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SECOND } from '../../utils/shared/time.ts';
import { flipped, flips } from '../fuzz/damage.ts';
import { counted } from '../support/figures.ts';
import { NOW } from '../support/samples/samples.ts';
import type { Stores } from './browser.ts';
import { buildProduct, type Product } from './product.ts';
import { openWorld, pairedStores, REDIRECT_URL } from './world.ts';

const RUNS = 1_000;
const TOKEN = 'OwnTokenOfThisPerson0000';

/** The stores of a browser that was stopped while a token was on its way. */
async function midDelivery(product: Product): Promise<Stores> {
  const paired = await pairedStores(product, 'kite');
  const world = openWorld(product, [{ kind: 'request', number: 1, fate: 'never-arrives' }], [paired], NOW);
  const { browser, watcher } = world.first;
  watcher.expectToken(TOKEN);
  world.receiver.issue(TOKEN);
  world.arm(() => {});
  const account = browser.overview()?.accounts[0]?.settings.id ?? '';
  world.agenda.at(NOW, () => void browser.command({ type: 'log-in', account }));
  world.agenda.at(NOW + SECOND, () => {
    const state = new URL(browser.tabUrl(1)).searchParams.get('redirect_params');
    browser.header(1, 'https://kite.zerodha.com/connect/finish', `${REDIRECT_URL}?request_token=${TOKEN}&${state}`);
  });
  await world.run(NOW + 2 * SECOND);
  browser.kill();
  expect([...browser.stores().memory.keys()].some((key) => key.startsWith('delivery:'))).toBe(true);
  return browser.stores();
}

it(`of ${RUNS} flipped bits in stored records none stops the background or changes where a token goes`, {
  timeout: 120_000,
}, async () => {
  const product = await buildProduct();
  const stores = await midDelivery(product);
  const damageable = [
    ...[...stores.memory.keys()].filter((key) => key !== 'overview').map((key) => ['memory', key] as const),
    ...[...stores.records.keys()].filter((key) => !key.startsWith('key:')).map((key) => ['records', key] as const),
  ];
  let named = 0;
  let delivered = 0;
  await fc.assert(
    fc.asyncProperty(flips, async (flip) => {
      const [store, key] = damageable[flip.record % damageable.length] ?? ['memory', ''];
      const damaged = { memory: new Map(stores.memory), records: new Map(stores.records) };
      damaged[store].set(key, flipped(damaged[store].get(key), flip));
      const world = openWorld(product, [], [damaged], NOW + 3 * SECOND);
      const { browser, watcher } = world.first;
      watcher.expectToken(TOKEN);
      world.receiver.issue(TOKEN);
      world.agenda.at(world.agenda.now(), () =>
        browser.restart({ event: 'onInstalled', keepsAlarm: false, keepsMemory: true }),
      );
      world.agenda.at(world.agenda.now(), () => void browser.command({ type: 'refresh' }));
      await world.run(world.agenda.now() + 60 * SECOND);
      const view = browser.overview();
      expect(view).not.toBeNull();
      expect(world.destinations()).toEqual(
        world.destinations().filter((url) => url === 'https://backend.example/session'),
      );
      expect(world.receiver.truth.spentTwice).toEqual([]);
      // Damage is said. Facts, ledger, log and what the clock remembers are made anew: the receiver still knows, or nobody has to.
      if (!/^(ledger|log|clock|reminders:|history:|attempts:|facts:)/.test(key))
        expect(view?.store.damaged.map((one) => one.key)).toEqual([key]);
      named += view?.store.damaged.length ?? 0;
      delivered += world.receiver.truth.applied.size;
    }),
    { numRuns: RUNS, seed: 7 },
  );
  counted('bits flipped in stored records', RUNS);
  expect(named).toBeGreaterThan(RUNS / 3);
  expect(delivered).toBeGreaterThan(RUNS / 20);
});
