import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../utils/domain/hold/messages.ts';
import { writePairing } from '../../utils/shared/pairing.ts';
import { MINUTE, SECOND } from '../../utils/shared/time.ts';
import { NOW, pairing } from '../support/samples/samples.ts';
import { openAgenda } from './agenda.ts';
import { openBrowser, type SimulatedBrowser, type Stores } from './browser.ts';
import { openNetwork } from './network.ts';
import { buildProduct, type Product } from './product.ts';
import { openReceiver } from './receiver.ts';
import { accountOf, REDIRECT_URL } from './world.ts';

/** Three destinations of one account, each with a pairing of its own: its own, and two further ones. */
const PLACES = ['own', 'second', 'third'].map((name) => ({
  url: `https://${name}.example/session`,
  secret: `whsec_${Buffer.from(name.padEnd(24, '.')).toString('base64')}`,
}));
const [OWN, ...FURTHER] = PLACES;
const TOKEN = 'OwnTokenOfThisPerson0000';
const STORY_MS = 9 * MINUTE;
// Where random kills fall: a login with three destinations has about so many effects.
const EFFECTS = 100;

/** One browser and three receivers; the background is killed after the effects with these numbers. */
function openHouse(product: Product, kills: readonly number[], stores: Stores, start: number) {
  const agenda = openAgenda(start);
  const receivers = PLACES.map(({ secret }) => openReceiver(agenda, secret, () => {}));
  const network = openNetwork(agenda, (request, mishap, answer) => {
    const at = PLACES.findIndex(({ url }) => url === request.url);
    if (at === -1) throw new Error(`nobody lives at ${request.url}`);
    receivers[at]?.receive(request, mishap, answer);
  });
  const seen = { isArmed: false, effects: 0, isCaptured: false };
  const browser = openBrowser(
    'A',
    {
      agenda,
      product,
      say: () => {},
      send: (request, answer) => network(request, null, answer),
      effect() {
        return seen.isArmed && kills.includes(seen.effects++) ? 'die' : 'live';
      },
      alarm: () => ({ lateMs: 0, twice: false }),
      wrote(_store, key) {
        seen.isCaptured ||= key.startsWith('delivery:');
      },
    },
    { memory: new Map(stores.memory), records: new Map(stores.records) },
    1,
  );
  const run = (ms: number) => agenda.run(agenda.now() + ms, () => {});
  const obey = async (command: () => Command) => {
    let isDone = false;
    agenda.at(agenda.now(), async () => {
      isDone = (await browser.command(command()))?.ok === true;
    });
    await run(SECOND);
    if (!isDone) throw new Error(`refused: ${JSON.stringify(command())}`);
  };
  return { agenda, receivers, browser, seen, run, obey };
}

/** The stores of a browser whose person has paired the account and added two further destinations. */
async function furtherStores(product: Product): Promise<Stores> {
  const { browser, obey } = openHouse(product, [], { memory: new Map(), records: new Map() }, NOW - 60 * MINUTE);
  const value = pairing({ ...OWN, broker: 'icici', redirect_url: REDIRECT_URL, expected_user: null });
  await obey(() => ({ type: 'pair', text: writePairing(value) }));
  for (const place of FURTHER)
    await obey(() => ({ type: 'add-destination', account: accountOf(browser), form: { kind: 'signed', ...place } }));
  browser.kill();
  return browser.stores();
}

/** A login that these kills befall, and a look at the screen when it is over. */
async function logIn(product: Product, stores: Stores, kills: readonly number[]) {
  const house = openHouse(product, kills, stores, NOW);
  const { agenda, browser, receivers, seen, run } = house;
  seen.isArmed = true;
  for (const { issue } of receivers) issue(TOKEN);
  agenda.at(NOW, () => void browser.command({ type: 'log-in', account: accountOf(browser) }));
  agenda.at(NOW + 4 * SECOND, () => comeBack(browser));
  await run(STORY_MS);
  seen.isArmed = false;
  agenda.at(agenda.now(), () => void browser.command({ type: 'refresh' }));
  await run(MINUTE);
  return house;
}

/** The broker's page posts the token, unless no background lived to open that page. */
function comeBack(browser: SimulatedBrowser): void {
  const tab = browser.newestTab();
  if (tab > 0) browser.request(tab, REDIRECT_URL, 'https://api.icicidirect.com', { API_Session: [TOKEN] });
}

/** How often each destination made a session of the token. */
const appliedBy = ({ receivers }: Awaited<ReturnType<typeof logIn>>) =>
  receivers.map(({ truth }) => [...truth.applied.values()]);

const statesOf = ({ browser }: Awaited<ReturnType<typeof logIn>>) => {
  const view = browser.overview()?.accounts[0];
  return [view, ...(view?.further ?? [])].map((one) => one?.status);
};

describe('a login of an account with two further destinations', () => {
  let product: Product;
  let stores: Stores;
  beforeAll(async () => {
    product = await buildProduct();
    stores = await furtherStores(product);
  });

  async function expectWhole(kills: readonly number[]) {
    const house = await logIn(product, stores, kills);
    if (!house.seen.isCaptured) return house;
    expect(appliedBy(house), `killed after ${kills}`).toEqual([[1], [1], [1]]);
    expect(statesOf(house), `killed after ${kills}`).toEqual(['live', 'live', 'live']);
    expect(house.browser.overview()?.accounts[0]?.ask, `killed after ${kills}`).toBeNull();
    expect([...house.browser.stores().memory].filter((one) => JSON.stringify(one).includes(TOKEN))).toEqual([]);
    return house;
  }

  it('reaches each of them once, whichever effect the background dies after', { timeout: 120_000 }, async () => {
    const { effects } = (await expectWhole([])).seen;
    let captured = 0;
    for (let effect = 0; effect < effects; effect++) captured += (await expectWhole([effect])).seen.isCaptured ? 1 : 0;
    // Only a kill on the way to the broker's page ends a login before it began.
    expect(captured).toBeGreaterThan(effects / 2);
  });

  it('reaches each of them once, however often the background dies', { timeout: 120_000 }, async () => {
    const kills = fc.uniqueArray(fc.nat(EFFECTS), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(kills, async (effects) => void (await expectWhole(effects))),
      { numRuns: 150, seed: 13 },
    );
  });
});
