import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filledFor, PRESETS } from '../../../utils/domain/accounts/known-systems.ts';
import { type OpenAlgo, startOpenAlgo } from '../../support/backend/openalgo.ts';
import { type Paired, startPaired } from '../../support/backend/paired.ts';
import { until } from '../../support/until.ts';

describe('an OpenAlgo that knows the person by a cookie', () => {
  let paired: Paired;
  let openalgo: OpenAlgo;
  beforeAll(async () => {
    openalgo = await startOpenAlgo({ needsCookie: true });
    paired = await startPaired({}, ['zerodha']);
    await paired.use('zerodha', `${openalgo.url}/zerodha/callback`, 'observe');
    const preset = PRESETS.find(({ id }) => id === 'openalgo');
    if (!preset) throw new Error('no such preset');
    const form = { kind: 'plain', ...filledFor(preset, openalgo.url), secret: '' } as const;
    const account = paired.ids.zerodha;
    expect(await paired.browser.send({ type: 'save-destination', account, form })).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    await paired.close();
    await openalgo.close();
  });

  it('gets its own password first, then the login by its callback, and is proven by the funds', async () => {
    const { browser, ids } = paired;
    // No cookie yet: its login page opens, and sets one.
    expect(await browser.send({ type: 'log-in', account: ids.zerodha })).toMatchObject({ ok: false });
    await until(addresses, (open) => open.includes(`${openalgo.url}/auth/login`));
    const tab = await paired.logIn('zerodha');
    await until(
      () => browser.account('zerodha'),
      (one) => one?.status === 'verified',
    );
    expect(openalgo.exchanged).toEqual([paired.brokers.book('zerodha').issued().at(-1)]);
    // The funds may prove it before the tab shows the page to which the callback led.
    await until(
      () => tab.url(),
      (url) => url === `${openalgo.url}/dashboard`,
    );
    expect(paired.destination.tokens()).toEqual([]);
  });

  it('says at once that its exchange failed, by the page that its callback leads to', async () => {
    Object.assign(openalgo, { app: { hasPassword: true, isConnected: false }, exchanges: false });
    await paired.logIn('zerodha');
    const failed = await until(
      () => paired.browser.account('zerodha'),
      (one) => one?.status === 'failed',
    );
    expect(failed?.advice?.mend).toBe('log-in');
    expect(openalgo.exchanged).toHaveLength(2);
  });

  const addresses = async () => Promise.all((await paired.browser.tabs()).map((tab) => tab.url()));
});
