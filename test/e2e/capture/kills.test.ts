import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../utils/domain/base/records.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import { readPairing, writePairing } from '../../../utils/shared/pairing.ts';
import { type SetUp, setUp } from '../../start/set-up.ts';
import { type SlowProxy, startSlowProxy } from '../../support/backend/slow-proxy.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { BROWSER } from '../../support/browsers/start-browser.ts';
import { buildMutant } from '../../support/checks/mutant.ts';
import { counted } from '../../support/figures.ts';
import { generator } from '../../support/samples/random.ts';
import { HANGS_MS, until } from '../../support/until.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** A hundred in both browsers together; Firefox is the slower one. `RUNS` makes it a soak. */
const RUNS = Number(process.env.RUNS ?? (BROWSER === 'firefox' ? 40 : 60));
/** Nothing takes so long on any machine, but for what hangs. */
const PATIENCE_MS = Math.max(RUNS * 30_000, 1_800_000);
/** What has not arrived by then is lost, where a loss is what is looked for. */
const LOST_MS = 20_000;

describe('the background is killed at random points of a delivery', () => {
  let all: Killing;
  beforeAll(async () => {
    all = await prepare();
  });
  afterAll(() => all.close());

  it(`of ${RUNS} logins none is lost and none applied twice (REL-03)`, { timeout: PATIENCE_MS }, async () => {
    const random = generator(SEED);
    const results: Result[] = [];
    for (let run = 0; run < RUNS; run += 1) results.push(await loginAndKill(all, random, run, HANGS_MS));
    const between = results.filter((one) => one.killedBetween).length;
    console.log(`seed ${SEED}: killed between written and acknowledged in ${between} of ${RUNS} runs`);
    counted('kills of the background', results.length);
    counted('kills that lost a login', results.filter(({ applied }) => applied === 0).length);
    counted('kills after which a login was applied twice', results.filter(({ applied }) => applied > 1).length);
    expect(results.filter(({ applied }) => applied === 0)).toEqual([]);
    expect(results.filter(({ applied }) => applied > 1)).toEqual([]);
    expect(results.filter((one) => one.killedBetween && !one.alarmed)).toEqual([]);
    expect(between).toBeGreaterThanOrEqual(RUNS / 3);
  });
});

describe('the same with a build that removes a delivery before it sends it', () => {
  let all: Killing;
  beforeAll(async () => {
    all = await prepare(
      await buildMutant('remove-before-send', {
        file: 'utils/services/pulse/pulse.ts',
        from: 'await deliver(destination, call.delivery, understands)',
        to: '(await removeDeliveries([call.delivery]), await deliver(destination, call.delivery, understands))',
      }),
    );
  });
  afterAll(() => all.close());

  it('loses a login', { timeout: PATIENCE_MS }, async () => {
    const random = generator(SEED);
    const applied: number[] = [];
    for (let run = 0; run < RUNS && !applied.includes(0); run += 1)
      applied.push((await loginAndKill(all, random, run, LOST_MS)).applied);
    expect(applied).toContain(0);
  });
});

interface Killing extends SetUp {
  proxy: SlowProxy;
  /** How long a login takes here when nobody kills anything. */
  paceMs: number;
}

/** The backend behind a proxy that answers late, so that a kill can fall between a delivery and its acknowledgement. */
async function prepare(extension?: string): Promise<Killing> {
  const all = await setUp(extension === undefined ? {} : { extension });
  const proxy = await startSlowProxy(all.practice.backend.url, 300);
  const pairing = readPairing((await all.practice.backend.pairings()).zerodha);
  if (!pairing.ok) throw new Error('the backend printed a pairing string that cannot be read');
  const text = writePairing({ ...pairing.value, url: `${proxy.url}/session` });
  await all.browser.send({ type: 'pair', text });
  all.practice.brokers.kite.shape.silent = true;
  // The first login needs a person; its cookie makes all later ones silent.
  const tab = await all.browser.loginTab(() => all.browser.send({ type: 'log-in', account: all.ids.zerodha }));
  await tab.click('#login');
  await until(
    () => all.practice.brokers.kite.exchanges,
    ({ length }) => length === 1,
  );
  await tab.close();
  const startedAt = Date.now();
  const silent = await all.browser.loginTab(() => all.browser.send({ type: 'log-in', account: all.ids.zerodha }));
  await acknowledged(all, startedAt, HANGS_MS);
  await silent.close();
  return {
    ...all,
    proxy,
    paceMs: Date.now() - startedAt,
    async close() {
      await all.close();
      await proxy.close();
    },
  };
}

interface Result {
  killedBetween: boolean;
  /** At the kill an alarm stood that would have woken the next background within 30 s. */
  alarmed: boolean;
  /** How often the broker exchanged this login's token. */
  applied: number;
}

function acknowledged({ browser }: SetUp, since: number, patienceMs: number): Promise<unknown> {
  return until(
    () => browser.account('zerodha'),
    (one) => one?.links?.[1]?.state === 'done' && (one.links[0]?.at ?? 0) >= since,
    patienceMs,
  );
}

/** Every second kill falls while a delivery is under way, on a machine of any speed; the others at any moment of a login. */
async function loginAndKill(all: Killing, random: () => number, run: number, patienceMs: number): Promise<Result> {
  const { browser, practice, ids, proxy, paceMs } = all;
  const { exchanges } = practice.brokers.kite;
  const before = exchanges.length;
  const startedAt = Date.now();
  const held = run % 2 === 1 ? proxy.hold(random() < 0.5 ? 'there' : 'back') : null;
  const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
  await (held?.arrived ?? new Promise((wait) => setTimeout(wait, random() * paceMs)));
  await browser.killWorker();
  const { killedBetween, alarmed } = await look(browser.options, startedAt);
  held?.release();
  // The alarm that stands is brought forward: nothing but the browser's own event wakes the background again.
  await browser.options.evaluate(() => chrome.alarms.create('pulse', { when: Date.now() }));
  await acknowledged(all, startedAt, patienceMs).catch(() => undefined);
  await tab.close();
  const mine = exchanges.slice(before);
  return {
    killedBetween,
    alarmed,
    applied: mine.length === new Set(mine.map(({ token }) => token)).size ? mine.length : 2,
  };
}

async function look(page: Tab, startedAt: number): Promise<Omit<Result, 'applied'>> {
  // Something may wake the next background meanwhile: only what waited before and after needed the alarm in between.
  const { before, alarms, after } = await page.evaluate(async () => ({
    before: await chrome.storage.session.get(null),
    alarms: await chrome.alarms.getAll(),
    after: await chrome.storage.session.get(null),
  }));
  const waitedBefore = waiting(before, startedAt);
  return {
    killedBetween: waiting(after, startedAt).some((id) => waitedBefore.includes(id)),
    alarmed: alarms.some(({ scheduledTime }) => scheduledTime <= Date.now() + 30_500),
  };
}

/** The deliveries of a login since then that have not ended. */
function waiting(entries: Record<string, unknown>, since: number): string[] {
  return Object.entries(entries).flatMap(([key, record]) => {
    const read = key.startsWith('delivery:') ? unwrap(STORED.delivery, record) : null;
    return read?.ok && read.value.state !== 'ended' && read.value.capturedAt >= since ? [read.value.id] : [];
  });
}
