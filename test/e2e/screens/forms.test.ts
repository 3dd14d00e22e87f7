import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { until } from '../../support/until.ts';

let all: SetUp<Chromium>;
let page: Page;
beforeAll(async () => {
  all = await setUpIn(startChromium);
  page = await all.browser.context.newPage();
});
afterAll(() => all.close());

const go = async (section: string) => {
  await page.goto(all.browser.url(`options.html#${section}`));
  await page.waitForSelector(`[data-section="${section}"]`);
};

describe('a destination that was switched to the other kind and back', () => {
  const card = '[data-destination]:has-text("Zerodha")';
  const stored = async () => (await all.browser.account('zerodha'))?.destination;

  it('is saved as what it is shown to be', async () => {
    await go('destinations');
    await page.click(`${card} [data-action="edit-destination"]`);
    const form = page.locator('form:has([data-action="save-destination"])');
    await form.locator('[name="kind"]').selectOption('plain');
    await form.locator('[name="kind"]').selectOption('signed');
    await form.locator('[name="secret"]').fill(`whsec_${btoa('s'.repeat(24))}`);
    await form.locator('[data-action="save-destination"]').click();
    await form.waitFor({ state: 'detached' });
    await expect.poll(stored).toMatchObject({ kind: 'signed' });
  });

  it('says at once what is wrong, also as the other kind', async () => {
    await go('destinations');
    await page.click(`${card} [data-action="edit-destination"]`);
    const form = page.locator('form:has([data-action="save-destination"])');
    await form.locator('[name="kind"]').selectOption('plain');
    await form.locator('[name="method"]').selectOption('PATCH');
    await form.locator('[name="authorization"]').selectOption('header');
    await form.locator('[name="authorization.name"]').fill('Cookie');
    await form.locator('[data-action="save-destination"]').click();
    await until(
      () => form.innerText(),
      (text) => /browsers do not let anyone set/.test(text),
    );
    await form.locator('[name="authorization.name"]').fill('access_token');
    await form.locator('[name="secret"]').fill('mine');
    await form.locator('[data-action="save-destination"]').click();
    await form.waitFor({ state: 'detached' });
    await expect.poll(stored).toMatchObject({ kind: 'plain' });
  });
});

it('an OpenAlgo is chosen by its name, asks for nothing else, and is refused to an account that sends its token', async () => {
  await go('destinations');
  await page.click('[data-destination]:has-text("ICICI") [data-action="edit-destination"]');
  const form = page.locator('form:has([data-action="save-destination"])');
  await form.locator('[name="kind"]').selectOption('plain');
  expect(await form.locator('[name="method"]').count()).toBe(1);
  await form.locator('[name="preset"]').selectOption('openalgo');
  await until(
    () => form.innerText(),
    (text) => /own callback takes each login/.test(text),
  );
  expect(await form.locator('[name="method"], [name="field"], [name="secret"]').count()).toBe(0);
  await form.locator('[data-action="save-destination"]').click();
  await until(
    () => form.innerText(),
    (text) => /This cannot be an OpenAlgo: it has no ICICI Direct among its brokers\.\n/.test(text),
  );
});

describe('a list of holidays', () => {
  const text =
    '{"FO":[{"tradingDate":"26-Jan-2027","description":"Republic Day"},{"tradingDate":"08-Mar-2027","description":"Maha Shivaratri"}]}';

  it('is shown day by day before it counts', async () => {
    await go('market');
    await page.fill('[name="holidays"]', text);
    await page.waitForSelector('[data-preview="2"] [data-understood="2027-03-08"]');
    expect((await all.browser.overview())?.preferences.own.days).toEqual([]);
    await page.click('[data-action="import-days"]');
    await until(
      async () => (await all.browser.overview())?.preferences.own.days.map(({ date }) => date),
      (days) => days?.join() === '2027-01-26,2027-03-08',
    );
    await expect.poll(() => page.inputValue('[name="holidays"]')).toBe('');
  });

  it('of another market says so', async () => {
    await go('market');
    await page.fill('[name="holidays"]', '{"CD":[{"tradingDate":"19-Feb-2027"}]}');
    await page.click('[data-action="import-days"]');
    await until(
      () => page.locator('form:has([name="holidays"])').innerText(),
      (said) => /of other markets only: CD/.test(said),
    );
  });
});
