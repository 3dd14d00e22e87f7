import type { Page } from 'playwright-core';
import type { Program } from '../peers/programs.ts';
import type { Chromium } from '../support/browsers/chromium.ts';
import { logIn, type Patience, type Walk } from './walk.ts';

/** What the page of a small program showed, step by step. */
export interface ProgramWalk {
  login: Walk;
  /** The parked calls as the page lists them at the end. */
  calls: string[];
  /** What the feed told the page of each index. */
  ticks: string[];
}

/** Presses both buttons before the login, logs in from the popup, and confirms in the page what would act. */
export async function walkProgram(browser: Chromium, { page }: Program, patience: Patience): Promise<ProgramWalk> {
  const tab = await browser.newTab();
  await tab.goto(page);
  await tab.click('#read');
  await tab.waitForFunction(() => document.querySelector('#said')?.textContent?.includes('waits for a login'));
  await tab.click('#act');
  await tab.waitForSelector('[data-state="needs_confirmation"]');
  const login = await logIn('zerodha', browser, patience);
  if (login.broken === null) {
    await tab.bringToFront();
    await tab.getByRole('button', { name: 'confirm' }).click();
    // The page asks for its prices, its ticks and its calls at once, and may hear of some before the login.
    await tab.waitForFunction(
      () =>
        document.querySelectorAll('#calls tr:not([data-state="done"])').length === 0 &&
        [...document.querySelectorAll('#quotes td + td')].every(({ textContent }) => /\d/.test(textContent)),
    );
  }
  const [calls, ticks] = [await cellsOf(tab, '#calls'), await cellsOf(tab, '#quotes')];
  await tab.close();
  return { login, calls, ticks };
}

function cellsOf(tab: Page, table: string): Promise<string[]> {
  return tab.evaluate(
    (at) =>
      [...document.querySelectorAll<HTMLTableRowElement>(`${at} tr`)].map((row) =>
        [...row.cells]
          .map((cell) => cell.textContent)
          .join(' | ')
          .trim(),
      ),
    table,
  );
}
