import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Paired, startPaired } from '../../support/backend/paired.ts';
import { freePort } from '../../support/backend/practice.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { counted } from '../../support/figures.ts';
import { generator } from '../../support/samples/random.ts';
import { until } from '../../support/until.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** For each broker and browser; a hundred in all. `RUNS` makes it a soak. */
const RUNS = Number(process.env.RUNS ?? 25);
const AFTER_MS = 60;

/** The broker's last answer before the redirect. */
const LAST: Record<'zerodha' | 'icici', string> = {
  zerodha: '/connect/finish',
  icici: '/apiuser/tradelogin/validateuser',
};

describe(`the background is killed within ${AFTER_MS} ms of the redirect (REL-02)`, () => {
  let paired: Paired;

  beforeAll(async () => {
    paired = await startPaired();
    for (const broker of ['zerodha', 'icici'] as const)
      await paired.use(broker, `http://127.0.0.1:${await freePort()}/dummy`, 'seal');
  });
  afterAll(() => paired.close());

  it.each(['zerodha', 'icici'] as const)(
    `of ${RUNS} logins of %s each is delivered, asked about, or said to be lost`,
    async (broker) => {
      const random = generator(SEED);
      const ends: string[] = [];
      for (let run = 0; run < RUNS; run += 1) ends.push(await loginAndKill(broker, random));
      console.log(`seed ${SEED}, ${broker}: ${JSON.stringify(Object.groupBy(ends, (end) => end))}`);
      counted('kills of the background', ends.length);
      counted('kills that lost a login', ends.filter((end) => end === 'silence').length);
      expect(ends.filter((end) => end === 'silence')).toEqual([]);
    },
    RUNS * 60_000,
  );

  async function loginAndKill(broker: keyof typeof LAST, random: () => number): Promise<string> {
    const { browser, brokers, ids } = paired;
    const { requests } = broker === 'zerodha' ? brokers.kite : brokers.breeze;
    brokers.breeze.rotate();
    const startedAt = Date.now();
    const answered = requests.filter(({ url }) => url.startsWith(LAST[broker])).length;
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[broker] }));
    await tab.click('#login');
    while (requests.filter(({ url }) => url.startsWith(LAST[broker])).length === answered) await setTimeout(1);
    await setTimeout(random() * AFTER_MS);
    await browser.killWorker();
    // Of the run before, a token may be sent once more, and a question come late.
    const token = brokers.book(broker).issued().at(-1) ?? 'none was issued';
    // Nothing but the alarm of the login may be left to wake the next background.
    const end = await until(
      () => endOf(broker, tab, token, startedAt),
      (found) => found !== 'silence',
    ).catch(() => 'silence');
    const ask = (await browser.account(broker))?.ask;
    if (ask) await browser.send({ type: 'discard', ask: ask.id });
    await tab.close().catch(() => undefined);
    return end;
  }

  async function endOf(broker: keyof typeof LAST, tab: Tab, token: string, since: number): Promise<string> {
    const { browser, destination } = paired;
    if (destination.tokens().some(({ body }) => body.includes(token))) return 'delivered';
    const view = await browser.account(broker);
    if (view?.ask && view.ask.at >= since) return 'asked';
    const isOurs = (await tab.url()) === browser.url('captured.html');
    const title = isOurs ? await tab.innerText('h1').catch(() => '') : '';
    const isSaid = title === 'This login was lost' && (view?.notice?.includes('ended Opening Bell') ?? false);
    return isSaid ? 'lost, and said' : 'silence';
  }
});
