import type { Page } from 'playwright-core';
import type { Chromium } from '../support/browsers/chromium.ts';
import { dialogOf, logInBy, noDialog } from '../support/hold/login.ts';
import type { Operation } from './dashboard.ts';
import type { SetUp } from './set-up.ts';

/** What was seen of an operation whose session had ended, step by step; `broken` is the step that was not reached. */
export interface DashboardWalk {
  steps: { says: string; ms: number }[];
  broken: string | null;
  /** The page's execution log at its end. */
  log: string[];
}

/**
 * An operation on the practice dashboard as a person goes it: its session has ended, our dialog offers the login, and
 * afterwards the page's own request is answered, on the same screen.
 */
export async function walkDashboard(
  all: SetUp<Chromium>,
  page: Page,
  operation: Operation,
  patienceMs: number,
): Promise<DashboardWalk> {
  const began = Date.now();
  const steps: DashboardWalk['steps'] = [];
  const step = async (says: string, reach: () => Promise<unknown>): Promise<void> => {
    next = says;
    await reach();
    steps.push({ says, ms: Date.now() - began });
  };
  let next = '';
  try {
    await step('session ended', async () => all.practice.brokers.breeze.endSession());
    await step(`${operation} failed, and waits`, () => page.click(`[data-operation="${operation}"]`));
    await step('dialog shown', () => dialogOf(page, 'has ended'));
    await step('logged in', async () => logInBy(all, await dialogOf(page, 'has ended')));
    await step('answered', () => page.locator('#answer', { hasText: /^Done\./ }).waitFor({ timeout: patienceMs }));
    await step('dialog gone', () => noDialog(page));
    const log = await page.locator('#execution-log li').allTextContents();
    await step('execution log kept', async () => expectKept(log));
    return { steps, broken: null, log };
  } catch {
    return { steps, broken: next, log: await page.locator('#execution-log li').allTextContents() };
  }
}

/** The log has to hold what was before the login as well as what came after it. */
function expectKept(log: readonly string[]): void {
  const ended = log.findIndex((line) => line.startsWith('Session:'));
  const retried = log.findIndex((line) => line.startsWith('Retry:'));
  if (ended === -1 || retried !== ended + 1 || log.length === retried + 1) throw new Error(log.join());
}
