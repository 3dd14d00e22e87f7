import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountView } from '../../../utils/domain/view/overview.ts';
import { type Paired, startPaired } from '../../support/backend/paired.ts';
import { APPS } from '../../support/backend/practice.ts';
import { until } from '../../support/until.ts';

/*
 * 2026-11, Chromium 156 and Firefox 153, measured here: neither a reload of the extension nor a restart of the browser
 * leaves anything in storage.session. So a token that waits is gone with either, and what is left to do is to say so.
 */
const ENDS = [
  ['the extension is updated', 'reload'],
  ['the browser quits', 'restart'],
  ['the browser is killed', 'crash'],
] as const;

describe.each(ENDS)('%s in the middle of a delivery (UPD-02)', (_, end) => {
  let paired: Paired;
  beforeAll(async () => {
    paired = await startPaired();
    await paired.use('zerodha', APPS.zerodha.redirectUrl, 'seal');
    // From the second start on it is a browser like a person's.
    paired.browser = await paired.browser.restart();
  });
  afterAll(() => paired.close());

  it('a login whose token was in memory is said to be lost, in the first thing that is shown', async () => {
    const { destination } = paired;
    destination.answerTokens(() => 'drop');
    const tab = await paired.logIn('zerodha');
    await until(
      () => destination.tokens().length,
      (count) => count > 0,
    );
    await tab.close();
    const first = await afterEnd();
    expect(first).toMatchObject({
      status: 'failed',
      says: 'The login did not arrive.',
      advice: { mend: 'log-in', says: expect.stringContaining('restarted before your backend confirmed this login') },
    });
    const { options } = paired.browser;
    await expect.poll(() => options.evaluate(() => chrome.action.getBadgeText({}))).toBe('✕');
  });

  it('the login is made again, and arrives', async () => {
    const { destination } = paired;
    destination.answerTokens((_one, usual) => usual());
    const before = destination.tokens().length;
    const tab = await paired.logIn('zerodha');
    await reached(({ status }) => status === 'live');
    expect(destination.tokens()).toHaveLength(before + 1);
    await tab.close();
  });

  it('a live session is shown as it is after the first check', async () => {
    const before = (await paired.browser.account('zerodha'))?.reportedAt ?? 0;
    // The alarm for the session's end is derived anew, not remembered.
    await paired.browser.options.evaluate(() => chrome.alarms.clearAll());
    const first = await afterEnd();
    const alarms = () => paired.browser.options.evaluate(() => chrome.alarms.getAll());
    await expect.poll(alarms).toMatchObject([{ name: 'pulse' }]);
    expect(first).toMatchObject({ status: 'live', reportedAt: expect.any(Number) });
    // A report of the last seconds is not asked for again, except by hand.
    const ask = () => paired.browser.send({ type: 'retry', account: paired.ids.zerodha });
    await ask();
    await reached(({ status, reportedAt }) => status === 'live' && (reportedAt ?? 0) > before);
    paired.destination.setSession({ state: 'none' });
    await afterEnd();
    await ask();
    await reached(({ status }) => status === 'expired');
  });

  it('a login that had arrived, though its answer was lost, is proven by the first check', async () => {
    const { destination } = paired;
    destination.answerTokens((_one, usual) => {
      usual();
      return 'drop';
    });
    const before = destination.tokens().length;
    const namedBefore = named();
    // Else the report of this session would be its acknowledgement before the end comes.
    destination.answerChecks((_one, usual) => (destination.tokens().length > before ? 'drop' : usual()));
    const tab = await paired.logIn('zerodha');
    await until(
      () => destination.tokens().length,
      (count) => count > before,
    );
    await tab.close();
    destination.answerTokens((_one, usual) => usual());
    await afterEnd();
    destination.answerChecks((_one, usual) => usual());
    await paired.browser.send({ type: 'retry', account: paired.ids.zerodha });
    await reached(({ status }) => status === 'live');
    expect(named()).toBe(namedBefore + 1);
  });

  /** Ends what is to be ended, and gives the first that is shown afterwards. */
  async function afterEnd(): Promise<AccountView | undefined> {
    paired.browser = await paired.browser[end]();
    const { overview } = paired.browser;
    const first = await until(overview, (shown) => shown !== null);
    const reply = await paired.browser.send({ type: 'diagnose' });
    const started = reply.ok ? /(\S+) started$/m.exec(reply.text?.split('\n').reverse().join('\n') ?? '')?.[1] : '';
    console.log(`${end}: shown ${(first?.at ?? 0) - Date.parse(started ?? '')} ms after the background started`);
    return first?.accounts.find(({ broker }) => broker === 'zerodha');
  }

  const named = () => new Set(paired.destination.tokens().map(({ id }) => id)).size;

  function reached(isSo: (view: AccountView) => boolean): Promise<unknown> {
    return until(
      () => paired.browser.account('zerodha'),
      (view) => view !== undefined && isSo(view),
    );
  }
});
