import { brokerOrigins, brokers } from '../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../utils/shared/contract.ts';
import { type Practice, startPractice, USUAL } from '../support/backend/practice.ts';
import type { Browser, BrowserOptions } from '../support/browsers/browser.ts';
import { startBrowser } from '../support/browsers/start-browser.ts';
import { ANY_HOUR } from '../support/samples/samples.ts';
import { until } from '../support/until.ts';

export interface SetUp<B extends Browser = Browser> {
  practice: Practice;
  browser: B;
  /** Our id of each paired account. */
  ids: Record<BrokerId, string>;
  close(): Promise<void>;
}

/** Brokers, backend and this run's browser, whose extension is paired with both practice accounts, the way a person pairs them. */
export function setUp(options: BrowserOptions = {}): Promise<SetUp> {
  return setUpIn(startBrowser, options);
}

/** The same in one certain browser; `env` is the backend's. */
export async function setUpIn<B extends Browser>(
  start: (options: BrowserOptions) => Promise<B>,
  options: BrowserOptions = {},
  env: Record<string, string> = {},
  accounts: readonly BrokerId[] = USUAL,
): Promise<SetUp<B>> {
  const practice = await startPractice(env, accounts);
  const browser = await start({ ...options, brokers: practice.brokers });
  const hosts = accounts.flatMap((broker) => brokerOrigins(brokers[broker]));
  await browser.preGrant([...hosts.map((origin) => `${origin}/*`), 'http://127.0.0.1/*']);
  const pairings = await practice.backend.pairings();
  const paired: [BrokerId, string][] = [];
  for (const broker of accounts) paired.push([broker, await pairByHand(browser, broker, pairings[broker])]);
  const ids = Object.fromEntries(paired) as Record<BrokerId, string>;
  return {
    practice,
    browser,
    ids,
    async close() {
      await browser.close();
      await practice.close();
    },
  };
}

/**
 * Pastes a pairing string into the settings page and presses its button; gives our id of the account. No test depends on
 * the morning in which a broker may end new sessions.
 */
export async function pairByHand({ options, account, send }: Browser, name: BrokerId, line: string): Promise<string> {
  await options.fill('[name=pairing]', line);
  await options.click('[data-action=pair]:enabled');
  await options.waitForSelector(`section[data-account="${name}"]`);
  await until(
    () => options.evaluate(() => document.querySelector<HTMLTextAreaElement>('[name=pairing]')?.value),
    (left) => left === '',
  );
  const paired = await account(name);
  if (!paired) throw new Error(`the account ${name} is not paired`);
  const { id } = paired.settings;
  if (brokers[paired.broker].session.suspectUntil) await send({ type: 'set-clock', account: id, clock: ANY_HOUR });
  return id;
}
