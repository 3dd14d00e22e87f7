import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { type SetUp, setUp } from '../../start/set-up.ts';
import { until } from '../../support/until.ts';

describe('the logins that are due (CAP-15)', () => {
  let all: SetUp;
  beforeAll(async () => {
    all = await setUp();
  });
  afterAll(() => all.close());

  const untilProven = (name: BrokerId) =>
    until(
      () => all.browser.account(name),
      (one) => one?.status === 'live' || one?.status === 'verified',
    );
  const round = async () => (await all.browser.overview())?.round;

  it('open one after the other with one press, though the background is killed in between', async () => {
    const { browser, ids, practice } = all;
    const popup = await browser.popup();
    const first = await browser.loginTab(() => popup.click('[data-action="log-in-due"]'));
    await first.waitForSelector('#login');
    expect(await round()).toMatchObject({ account: ids.zerodha, isStopped: false, left: [ids.icici] });
    await browser.killWorker();
    const second = await browser.loginTab(() => first.click('#login'));
    await untilProven('zerodha');
    await second.waitForSelector('#login');
    expect(await round()).toMatchObject({ account: ids.icici, isStopped: false, left: [] });
    await second.click('#login');
    await untilProven('icici');
    await until(round, (one) => one === null);
    const { kite, breeze } = practice.brokers;
    // Kite's page leads on to itself, with an id of its own.
    const isBegun = ({ url }: { url: string }) => /^\/(connect|apiuser)\/login/.test(url) && !url.includes('sess_id');
    expect([kite, breeze].map(({ requests }) => requests.filter(isBegun).length)).toEqual([1, 1]);
  });
});
