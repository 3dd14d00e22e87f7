import type { BrokerId } from '../../utils/shared/contract.ts';
import { APPS } from '../support/backend/practice.ts';
import type { Browser } from '../support/browsers/browser.ts';
import { ANY_HOUR } from '../support/samples/samples.ts';
import { until } from '../support/until.ts';
import type { RunningPeer } from './start.ts';

/** The one account of a story, and where the screens show it. */
const NAME = 'main';
export const CARD = `[data-account="${NAME}"]`;

/** How the settings' form is filled in: for the contract, or by a preset and what is chosen beside it. */
export interface Setting {
  broker: BrokerId;
  preset?: string;
  login?: 'cookie' | 'tab';
  /** A status page, where one value of its JSON means that the session is alive. */
  status?: { path: string; value: string };
}

/** Enters the account, and its destination in the real form; gives our id of it once all is allowed. */
export async function setUp(browser: Browser, { url, secret }: RunningPeer, setting: Setting): Promise<string> {
  const { broker, preset, login, status } = setting;
  const { apiKey, redirectUrl } = APPS[broker];
  const { options } = browser;
  const section = `section${CARD}`;
  // One of the same name that was forgotten a moment ago may still be shown.
  await until(
    () => options.evaluate((at) => document.querySelector(at) === null, section),
    (isGone) => isGone,
  );
  const form = { broker, name: NAME, apiKey, redirectUrl, mode: 'seal', expectedUser: null } as const;
  const reply = await browser.send({ type: 'save-account', id: null, form });
  if (!reply.ok || !reply.account) throw new Error(JSON.stringify(reply));
  const field = (name: string) => `${section} form [name="${name}"]`;
  await options.click(`${section} [data-action="edit-destination"]`);
  if (preset) {
    await options.selectOption(field('kind'), 'plain');
    await options.selectOption(field('preset'), preset);
  }
  await options.fill(field('url'), url);
  if (!preset) await options.fill(field('secret'), secret);
  if (login) await options.selectOption(field('login'), login);
  if (status) {
    await options.selectOption(field('status'), 'path');
    await options.fill(field('status.url'), new URL(status.path, url).href);
    await options.fill(field('status.path'), status.value);
  }
  await options.click(`${section} [data-action="save-destination"]`);
  const isAllowed = async () => (await browser.account(NAME))?.hosts.every(({ granted }) => granted) ?? false;
  await until(
    async () => (await browser.account(NAME))?.destination ?? null,
    (destination) => destination !== null,
  );
  if (!(await isAllowed())) await options.click(`${section} [data-action="allow"]`);
  await until(isAllowed, (isSo) => isSo);
  await browser.send({ type: 'set-clock', account: reply.account, clock: ANY_HOUR });
  return reply.account;
}
