import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { APPS } from '../../support/backend/practice.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { until } from '../../support/until.ts';

describe('an account with several destinations, set up in the settings', () => {
  let brokers: PracticeBrokers;
  let chromium: Chromium;
  let destinations: TestDestination[];
  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    brokers.breeze.register(APPS.icici);
    chromium = await startChromium({ brokers });
    await chromium.preGrant(['https://kite.zerodha.com/*', 'https://api.icicidirect.com/*', 'http://127.0.0.1/*']);
    destinations = [await openDestination(), await openDestination()];
  });
  afterAll(async () => {
    await chromium.close();
    await brokers.close();
    for (const one of destinations) await one.close();
  });

  it('shows each in the popup, and the token went to each once', async () => {
    const { apiKey, redirectUrl } = APPS.icici;
    const form = { broker: 'icici', name: 'both', apiKey, redirectUrl, mode: 'seal', expectedUser: null } as const;
    await chromium.send({ type: 'save-account', id: null, form });
    const section = chromium.options.locator('section[data-account="both"]');
    for (const [index, { url, secret }] of destinations.entries()) {
      const opens = section.locator(`[data-action="${index === 0 ? 'edit-destination' : 'add-destination'}"]`);
      const destination = section.locator('form[aria-label="Destination"]');
      // The card grows with what is heard meanwhile, and a press may meet another place of it.
      await until(
        async () => {
          if (await opens.isVisible()) await opens.click();
          return destination.isVisible();
        },
        (isOpen) => isOpen,
      );
      await destination.locator('[name="url"]').fill(url);
      await destination.locator('[name="secret"]').fill(secret);
      await destination.locator('[data-action="save-destination"]').click();
      await destination.waitFor({ state: 'detached' });
      // The page hears of it later than the one that asks.
      const isAllowed = (await chromium.account('both'))?.hosts.every(({ granted }) => granted);
      if (!isAllowed) await section.locator('[data-action="allow"]').click();
    }
    const ready = await until(
      () => chromium.account('both'),
      (one) => one?.reportedAt !== null && one?.further[0]?.reportedAt !== null && one?.further.length === 1,
    );
    const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account: ready?.settings.id ?? '' }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    await until(
      () => chromium.account('both'),
      (one) => one?.status === 'live' && one.further[0]?.status === 'live',
    );
    const popup = await chromium.popup();
    const lines = await popup.read(
      (document) => [...document.querySelectorAll<HTMLElement>('[data-further]')].map(({ dataset }) => dataset.status),
      null,
    );
    expect(lines).toEqual(['live']);
    await tab.close();
    expect(destinations.map((one) => one.tokens().length)).toEqual([1, 1]);
  });

  it('says in the settings why a Zerodha token goes to one only', async () => {
    const { apiKey, redirectUrl } = APPS.zerodha;
    const form = { broker: 'zerodha', name: 'one', apiKey, redirectUrl, mode: 'seal', expectedUser: null } as const;
    const reply = await chromium.send({ type: 'save-account', id: null, form });
    const account = reply.ok ? (reply.account ?? '') : '';
    const [{ url, secret } = { url: '', secret: '' }] = destinations;
    await chromium.send({ type: 'save-destination', account, form: { kind: 'signed', url, secret } });
    const section = chromium.options.locator('section[data-account="one"]');
    await section.getByText('good for one exchange').waitFor();
    expect(await section.locator('[data-action="add-destination"]').count()).toBe(0);
  });
});
