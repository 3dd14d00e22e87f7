import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokers as known } from '../../../utils/shared/brokers/index.ts';
import { GROWTH, type SessionConsented } from '../../../utils/shared/contract.ts';
import type { SimpleId } from '../../brokers/index.ts';
import { simples } from '../../brokers/simple/list.ts';
import type { Sent } from '../../support/backend/destination.ts';
import { type Paired, startPaired } from '../../support/backend/paired.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startSite, startTarget, type Target } from '../../support/backend/target.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { type UnheardHeaders, unheardHeaders } from '../../support/browsers/unheard-headers.ts';
import { until } from '../../support/until.ts';

const IDS = Object.keys(simples) as SimpleId[];
const MODES = ['seal', 'forward'] as const;
type RedirectMode = (typeof MODES)[number];
const rows = IDS.flatMap((broker) =>
  MODES.flatMap((mode) =>
    (['script', 'header'] as const).flatMap((departs) =>
      (['awake', 'dead'] as const).map((worker) => ({ broker, mode, departs, worker })),
    ),
  ),
);

describe('the brokers that differ in nothing but their description', () => {
  let paired: Paired;
  // A sealed redirect's target is never visited.
  let targets: Record<RedirectMode, Target>;
  let unheard: UnheardHeaders;

  beforeAll(async () => {
    paired = await startPaired({}, IDS);
    unheard = unheardHeaders(paired.browser);
    understandAll(paired);
    // Only a report says that a consent can be asked for.
    expect(await paired.browser.send({ type: 'retry', account: paired.ids.dhan })).toMatchObject({ ok: true });
    targets = { seal: await startTarget(true, ''), forward: await startTarget(true, '') };
  });
  afterAll(async () => {
    await paired.close();
    await targets.seal.close();
    await targets.forward.close();
  });

  it.each(rows)('$broker, $mode, by $departs, worker $worker: captured once, delivered once', async (row) => {
    const { broker, mode, departs, worker } = row;
    const tab = await begin(row);
    const before = paired.destination.tokens().length;
    paired.brokers.simple[broker].shape.departs = departs;
    if (worker === 'dead') await paired.browser.killWorker();
    await tab.click('#login');
    await until(
      async () => {
        if (worker === 'dead' && departs === 'script') await unheard.sayYes(broker);
        return paired.destination.tokens().length;
      },
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
      expect(targets.seal.hits).toEqual([]);
      expect(await paired.browser.visits(targets.seal.url)).toEqual([]);
    }
    await tab.close();
  });

  it('hardly one of them is asked about', () => {
    expect(unheard.asked()).toBeLessThanOrEqual(2);
  });

  it.each(IDS.flatMap((broker) => MODES.map((mode) => ({ broker, mode }))))(
    '$broker, $mode: nothing is captured of a login that failed',
    async ({ broker, mode }) => {
      const tab = await begin({ broker, mode });
      const before = paired.destination.tokens().length;
      paired.brokers.faults.add(`${broker}.login.failed`);
      await tab.click('#login');
      // Some brokers say so on their own page and lead nowhere.
      await until(
        async () => !(await tab.url()).includes('practice-login') || (await titleOf(tab)) === 'The login failed',
        (isOver) => isOver,
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
      const evil = await startSite(() => `<a id="go" href="${targets[mode].url}/back?${query}">prices</a>`);
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
  async function begin({ broker, mode }: { broker: SimpleId; mode: RedirectMode }): Promise<Tab> {
    await paired.use(broker, `${targets[mode].url}/back`, mode);
    targets[mode].hits.length = 0;
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

/** A page that is being left has none. */
function titleOf(tab: Tab): Promise<string> {
  return tab.title().catch(() => '');
}

/** The receiver says in every answer that it understands all of the contract, and makes Dhan's consents as a backend does. */
function understandAll({ destination, brokers }: Paired): void {
  const saying = (sent: Sent): Sent => ({
    ...sent,
    body: JSON.stringify({ ...(JSON.parse(sent.body) as object), understands: GROWTH }),
  });
  destination.answerChecks((_, usual) => saying(usual()));
  destination.answerTokens(({ id, body }, usual) => {
    if (!body.includes('session.consent')) return saying(usual());
    const consent = randomUUID();
    brokers.simple.dhan.consents.set(consent, APPS.dhan.apiKey);
    const answer: SessionConsented = { type: 'session.consented', id, consent, server_time: new Date().toISOString() };
    return { status: 200, body: JSON.stringify(answer) };
  });
}
