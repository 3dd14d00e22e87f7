import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Paired, startPaired } from '../../support/backend/paired.ts';
import { until } from '../../support/until.ts';

let paired: Paired;
beforeAll(async () => {
  paired = await startPaired();
});
afterAll(() => paired.close());

it.each([
  ['Snooze 10 min', 'snooze'],
  ['Not today', 'mute-today'],
] as const)('the page of a reminder answers it, also where notifications are not allowed: %s', async (label, type) => {
  const { browser, ids } = paired;
  const page = await browser.newTab();
  await page.goto(browser.url(`reminder.html#${ids.zerodha}`));
  const shown = await until(
    () => page.innerText('body'),
    (text) => text.includes(label),
  );
  expect(shown).toContain('Log in to Zerodha');
  expect(await browser.send({ type, account: ids.zerodha })).toMatchObject({ ok: true });
  expect(await browser.options.evaluate(() => chrome.commands.getAll())).toMatchObject([{ shortcut: 'Alt+Shift+O' }]);
  await page.close();
});
