import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import type { Popup } from '../../support/browsers/popup.ts';
import { type Place, type Step, stepsOf } from '../../support/checks/steps.ts';
import { until } from '../../support/until.ts';

const ROOT = join(import.meta.dirname, '../../..');
const STEPS = stepsOf(readFileSync(join(ROOT, 'store/reviewing.md'), 'utf8'));

/** What a reviewer has in front of them. */
let all: SetUp<Chromium> | null = null;
let popup: Popup | null = null;
let login: Page | null = null;
afterAll(() => all?.close());

function there<T>(what: T | null): T {
  if (what === null) throw new Error('the steps do not come to this before');
  return what;
}

it('store/reviewing.md has ten steps', () => expect(STEPS).toHaveLength(10));

it.each(STEPS.map((step, index) => [index + 1, step] as const))('step %i: %j', async (_number, step) => {
  for (const one of step) await follow(one);
});

async function follow(step: Step): Promise<void> {
  switch (step.kind) {
    case 'run':
      // The same set-up as that command's, without a window.
      expect(step.command).toBe('npm start');
      all = await setUpIn(startChromium);
      return;
    case 'opened':
      expect((await there(all).browser.overview())?.accounts).toHaveLength(2);
      return;
    case 'open-popup':
      popup = await there(all).browser.popup();
      return;
    case 'open':
      await there(all).browser.options.locator('.sections').getByText(step.what, { exact: true }).click();
      return;
    case 'press':
      return press(step.what, step.place);
    case 'write':
      await there(all).browser.options.locator('[name="forget-words"]').fill(step.what);
      return;
    case 'see':
      await until(
        () => textOf(step.place),
        (text) => text.includes(step.what),
      );
  }
}

async function press(what: string, place: Place): Promise<void> {
  const { browser } = there(all);
  if (place === 'the settings') return browser.options.getByRole('button', { name: what, exact: true }).click();
  if (place !== 'the popup') return there(login).getByRole('button', { name: what, exact: true }).click();
  const open = there(popup);
  login = await browser.loginTab(() =>
    open.read((document, name) => {
      const button = [...document.querySelectorAll('button')].find((one) => one.innerText.startsWith(name));
      if (!button) throw new Error(`the popup has no ${name}`);
      button.click();
    }, what),
  );
}

function textOf(place: Place): Promise<string> {
  if (place === 'the popup') return there(popup).text();
  return (place === 'the settings' ? there(all).browser.options : there(login)).innerText('body');
}
