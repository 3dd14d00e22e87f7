import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import { DAY, istClock } from '../../../utils/shared/time.ts';
import { type SetUp as In, setUpIn } from '../../start/set-up.ts';
import { walk } from '../../start/walk.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { storeHistory } from '../../support/browsers/stored-history.ts';
import { violationsIn } from '../../support/checks/accessible.ts';
import { HANGS_MS, until } from '../../support/until.ts';

let all: In<Chromium>;
let page: Page;
const dateIn = (days: number) => istClock(Date.now() + days * DAY).date;

beforeAll(async () => {
  all = await setUpIn(startChromium);
  // Whatever day and hour it is run, this one counts; the next one too, should midnight come between.
  const hours = { from: { hour: 0, minute: 0 }, to: { hour: 23, minute: 59 } };
  const days = [0, 1].map((later) => ({ date: dateIn(later), kind: 'trading' as const, name: '', hours }));
  const own = { days, through: null };
  await all.browser.send({ type: 'save-preferences', preferences: { ...DEFAULT_PREFERENCES, own } });
  page = await all.browser.newTab();
});
afterAll(() => all.close());

const open = () => page.goto(all.browser.url('options.html#history'));
const history = () => page.locator('[data-section=history]');
const facts = () => history().locator('[data-facts]');

describe('the history in the settings', () => {
  it('says that it begins with the first login', async () => {
    await open();
    await until(
      () => history().innerText(),
      (text) => /The picture begins with the first login/.test(text),
    );
  });

  it('has a row for today after a login, with the login in words', async () => {
    const today = dateIn(0);
    const { broken } = await walk('zerodha', all.browser, all.practice, { ms: HANGS_MS });
    expect(broken).toBeNull();
    // The page is open meanwhile, and follows.
    const row = history().locator(`[data-day="${today}"]`);
    await until(
      () => row.textContent().catch(() => ''),
      (text) => /Login at \d\d:\d\d\./.test(text ?? ''),
    );
    expect(await row.getAttribute('data-kind')).toBe('trading');
    expect(await history().locator('[data-history=sentence]').innerText()).toContain('100% of market hours covered.');
  });

  it('shows a month of another account, whose facts the pointer and the keys reach', async () => {
    const at = (clock: string, day = '05') => Date.parse(`2026-10-${day}T${clock}:00+05:30`);
    const entries = [
      { key: 'session:0', kind: 'session' as const, at: at('08:49', '01'), until: at('23:59', '01') },
      { key: 'session:1', kind: 'session' as const, at: at('09:26'), until: at('23:59') },
      { key: 'outage:1', kind: 'outage' as const, at: at('10:02'), until: at('10:43') },
    ];
    await storeHistory(all.browser, { account: all.ids.icici, entries });
    await open();
    await page.reload();
    await history().locator('select').selectOption(all.ids.icici);
    const month = history().locator('.month-nav h3');
    for (let left = 24; left > 0 && (await month.innerText()) !== 'October 2026'; left--)
      await history().locator('[data-action=earlier]').click();
    const day = history().locator('[data-day="2026-10-05"]');
    await day.hover();
    expect(await facts().innerText()).toMatch(/5 October.*no session from 09:15 to 09:26.*Outage from 10:02 to 10:43/s);
    await history().locator('tbody [tabindex="0"]').focus();
    await page.mouse.move(0, 0);
    await page.keyboard.press('Home');
    for (let left = 24; left > 0 && (await facts().getAttribute('data-facts')) !== '2026-10-05'; left--)
      await page.keyboard.press('ArrowDown');
    expect(await facts().innerText()).toContain('Outage from 10:02 to 10:43.');
    expect(await day.locator('button').evaluate((button) => button === document.activeElement)).toBe(true);
  });
});

describe('our pages', () => {
  it.each(
    ['popup.html', 'options.html', 'captured.html', 'reminder.html', 'welcome.html'].flatMap((path) => [
      [path, 'light' as const],
      [path, 'dark' as const],
    ]),
  )('%s can be used by everybody in %s', async (path, colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(all.browser.url(path));
    await page.waitForSelector('h1');
    expect(await violationsIn(page)).toEqual([]);
  });
});
