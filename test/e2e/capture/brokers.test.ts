import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokers as known } from '../../../utils/shared/brokers/index.ts';
import type { SimpleId } from '../../brokers/index.ts';
import { simples } from '../../brokers/simple/list.ts';
import { type Paired, startPaired } from '../../support/backend/paired.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startSite, startTarget, type Target } from '../../support/backend/target.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { until } from '../../support/until.ts';

// Dhan's login needs a consent that only a real backend makes: the walk of faults.test.ts logs in there.
const IDS = (Object.keys(simples) as SimpleId[]).filter((id) => id !== 'dhan');
const MODES = ['seal', 'forward'] as const;
const rows = IDS.flatMap((broker) =>
  MODES.flatMap((mode) =>
    (['script', 'header'] as const).flatMap((departs) =>
      (['awake', 'dead'] as const).map((worker) => ({ broker, mode, departs, worker })),
    ),
  ),
);

describe('the brokers that differ in nothing but their description', () => {
  let paired: Paired;
  let target: Target;

  beforeAll(async () => {
    paired = await startPaired({}, IDS);
    target = await startTarget(true, '');
  });
  afterAll(async () => {
    await paired.close();
    await target.close();
  });

  it.each(rows)('$broker, $mode, by $departs, worker $worker: captured once, delivered once', async (row) => {
    const { broker, mode, departs, worker } = row;
    const tab = await begin(row);
    const before = paired.destination.tokens().length;
    paired.brokers.simple[broker].shape.departs = departs;
    if (worker === 'dead') await paired.browser.killWorker();
    await tab.click('#login');
    await until(
      () => paired.destination.tokens().length,
      (length) => length > before,
    );
    const [delivered, ...more] = tokens().slice(before);
    expect(more).toEqual([]);
    expect(delivered).toMatchObject({
      broker,
      token: { kind: known[broker].token.kind, value: paired.brokers.book(broker).issued().at(-1) },
    });
    if (mode === 'seal') {
      await until(
        () => tab.url(),
        (url) => url === paired.browser.url('captured.html'),
      );
      expect(target.hits).toEqual([]);
      expect(await paired.browser.visits(target.url)).toEqual([]);
    }
    await tab.close();
  });

  it.each(IDS.flatMap((broker) => MODES.map((mode) => ({ broker, mode }))))(
    '$broker, $mode: nothing is captured of a login that failed',
    async ({ broker, mode }) => {
      const tab = await begin({ broker, mode });
      const before = paired.destination.tokens().length;
      paired.brokers.faults.add(`${broker}.login.failed`);
      await tab.click('#login');
      await until(
        () => tab.url(),
        (url) => !url.includes('practice-login'),
      );
      paired.brokers.faults.clear();
      await expectNothing(before);
      await tab.close();
    },
  );

  it.each(IDS.flatMap((broker) => MODES.map((mode) => ({ broker, mode }))))(
    '$broker, $mode: nothing is captured of what another site plants, also in a tab that waits for the login',
    async ({ broker, mode }) => {
      const tab = await begin({ broker, mode });
      const before = paired.destination.tokens().length;
      const { description } = paired.brokers.simple[broker];
      const code = { code: description.newCode(), apiKey: '', userId: 'ZZ9999', issuedAt: 0, isSpent: false };
      const query = new URLSearchParams(description.query(code, { apiKey: '', redirectUrl: null, state: null }));
      const evil = await startSite(() => `<a id="go" href="${target.url}/back?${query}">prices</a>`);
      await tab.goto(evil.url);
      await tab.click('#go');
      await until(
        () => tab.url(),
        (url) => !url.startsWith(evil.url),
      );
      await expectNothing(before);
      await evil.close();
      await tab.close();
    },
  );

  /** Opens the login as a person does, up to the broker's page. */
  async function begin({ broker, mode }: { broker: SimpleId; mode: (typeof MODES)[number] }): Promise<Tab> {
    await paired.use(broker, `${target.url}/back`, mode);
    target.hits.length = 0;
    const { browser, ids } = paired;
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[broker] }));
    await tab.waitForSelector('#login');
    expect(await tab.url()).not.toContain(APPS[broker].apiSecret);
    return tab;
  }

  function tokens() {
    return paired.destination.tokens().map(({ body }) => JSON.parse(body) as object);
  }

  async function expectNothing(before: number): Promise<void> {
    // Whatever was going to be captured has been by then.
    await setTimeout(1_000);
    expect(paired.destination.tokens()).toHaveLength(before);
  }
});
