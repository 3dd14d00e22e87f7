import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { KITE_LOGIN, type Paired, startPaired } from '../../support/backend/paired.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startSite, startTarget, type Target } from '../../support/backend/target.ts';
import { askPage } from '../../support/browsers/ask-page.ts';
import { until } from '../../support/until.ts';

describe('a login that nothing here ties to the person is asked about, on our own page (CAP-03)', () => {
  let paired: Paired;
  let target: Target;
  let other: Target;

  beforeAll(async () => {
    paired = await startPaired();
    target = await startTarget(true, '/callback');
    other = await startTarget(true, '/elsewhere');
    // The first login needs a person; its cookie makes a silent one possible.
    await paired.use('zerodha', target.url, 'seal');
    const tab = await paired.logIn('zerodha');
    await delivered(1);
    await tab.close();
    paired.brokers.kite.shape = { ...paired.brokers.kite.shape, silent: true };
  });
  afterAll(async () => {
    await paired.close();
    await target.close();
    await other.close();
  });
  beforeEach(() => {
    target.hits.length = 0;
    other.hits.length = 0;
  });

  const delivered = (count: number) =>
    until(
      () => paired.destination.tokens().length,
      (tokens) => tokens === count,
    );

  it.each([
    ['seal', 0],
    ['forward', 1],
  ] as const)('that another page’s link began, %s', async (mode, hits) => {
    const { browser, destination } = paired;
    await paired.use('zerodha', target.url, mode);
    const site = await startSite(() => `<a id="go" href="${KITE_LOGIN}">Prices</a>`);
    const before = destination.tokens().length;
    const tab = await browser.newTab();
    await tab.goto(site.url);
    await tab.click('#go');
    const page = await askPage(paired.browser);
    const asked = await page.innerText('[data-ask]');
    expect(asked).toContain('Zerodha sent a login for “zerodha” that was not started here');
    expect(asked).toContain(new URL(destination.url).host);
    expect(destination.tokens()).toHaveLength(before);
    // Firefox lets a redirect go on only when we have judged it.
    await until(
      () => target.hits.length,
      (count) => count === hits,
    );
    expect(await page.innerText('main')).not.toContain('went to your backend');
    await page.click('[data-action=discard]');
    await until(
      () => browser.account('zerodha'),
      (one) => one?.ask === null,
    );
    await until(
      () => page.innerText('h1'),
      (title) => title === 'Nothing was sent',
    );
    expect(destination.tokens()).toHaveLength(before);
    await page.close();
    if (mode === 'forward') await tab.close();
    await site.close();
  });

  it('that arrives elsewhere than registered, and a yes makes that address the registered one', async () => {
    const { browser, brokers, destination, ids } = paired;
    brokers.kite.shape = { ...brokers.kite.shape, silent: false };
    await paired.use('zerodha', target.url, 'seal');
    brokers.kite.register({ ...APPS.zerodha, redirectUrl: other.url });
    const before = destination.tokens().length;
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await tab.click('#login');
    const page = await askPage(paired.browser);
    expect(await page.innerText('[data-ask]')).toContain(other.url);
    expect(destination.tokens()).toHaveLength(before);
    await page.click('[data-action=accept]');
    await delivered(before + 1);
    const account = await until(
      () => browser.account('zerodha'),
      (one) => one?.settings.redirectUrl === other.url,
    );
    expect(account?.notice).toBeNull();
    // The way there is open still, and a hit that comes late would count for the next login.
    await until(
      () => other.hits.length,
      (hits) => hits === 1,
    );
    await page.close();
    await tab.close();

    // From here on that address is sealed as well.
    other.hits.length = 0;
    const again = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await again.click('#login');
    await delivered(before + 2);
    expect(other.hits).toEqual([]);
    await again.close();
  });

  it('that ICICI Direct kept for itself, since its registration has no scheme', async () => {
    const { browser, brokers, destination } = paired;
    const broker: BrokerId = 'icici';
    await paired.use(broker, 'https://www.google.com/', 'seal');
    brokers.breeze.register({ ...APPS.icici, redirectUrl: 'https://api.icicidirect.com/apiuser/www.google.com' });
    const before = destination.tokens().length;
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: paired.ids.icici }));
    await tab.click('#login');
    const page = await askPage(paired.browser);
    expect(await page.innerText('[data-ask]')).toContain('“www.google.com”, has no http:// or https://');
    await page.click('[data-action=accept]');
    await delivered(before + 1);
    await page.close();
    await tab.close();
  });
});
