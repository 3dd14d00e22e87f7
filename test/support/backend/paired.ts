import type { AccountView } from '../../../utils/domain/view/overview.ts';
import { brokers as knownBrokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { type RedirectMode, writePairing } from '../../../utils/shared/pairing.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import type { Browser, BrowserOptions, Tab } from '../browsers/browser.ts';
import { startBrowser } from '../browsers/start-browser.ts';
import { openDestination, type TestDestination } from './destination.ts';
import { pairLine } from './pairing.ts';
import { APPS, USUAL } from './practice.ts';

/** This run's browser with accounts of some brokers, all delivering to one destination on this machine. */
export interface Paired<B extends Browser = Browser> {
  brokers: PracticeBrokers;
  /** Another one after a restart. */
  browser: B;
  destination: TestDestination;
  ids: Record<BrokerId, string>;
  /** Registers an account's redirect URL at the broker, and saves it with its mode in the settings. */
  use(broker: BrokerId, redirectUrl: string, mode: RedirectMode): Promise<void>;
  /** Presses *Log in*, then the button on the broker's page. */
  logIn(broker: BrokerId): Promise<Tab>;
  close(): Promise<void>;
}

/** Where a login of the practice Kite account begins. */
export const KITE_LOGIN = `https://kite.zerodha.com/connect/login?v=3&api_key=${APPS.zerodha.apiKey}`;

export function startPaired(options: BrowserOptions = {}, accounts?: readonly BrokerId[]): Promise<Paired> {
  return startPairedIn(startBrowser, options, accounts);
}

/** The same in one certain browser. */
export async function startPairedIn<B extends Browser>(
  start: (options: BrowserOptions) => Promise<B>,
  options: BrowserOptions = {},
  accounts: readonly BrokerId[] = USUAL,
): Promise<Paired<B>> {
  const brokers = await startPracticeBrokers();
  const destination = await openDestination();
  const browser = await start({ ...options, brokers });
  const hosts = accounts.flatMap((broker) => knownBrokers[broker].hosts);
  await browser.allow(...hosts.map((host) => `https://${host}/*`), 'http://127.0.0.1/*');
  const pairs: [BrokerId, string][] = [];
  for (const broker of accounts) pairs.push([broker, await pair(browser, destination, broker)]);
  const ids = Object.fromEntries(pairs) as Record<BrokerId, string>;
  const paired: Paired<B> = {
    brokers,
    browser,
    destination,
    ids,
    async use(broker, redirectUrl, mode) {
      brokers.book(broker).register({ ...APPS[broker], redirectUrl });
      const { apiKey } = APPS[broker];
      const form = { broker, name: broker, apiKey, redirectUrl, mode, expectedUser: null };
      const reply = await paired.browser.send({ type: 'save-account', id: ids[broker], form });
      if (!reply.ok) throw new Error(JSON.stringify(reply));
    },
    async logIn(broker) {
      const { loginTab, send } = paired.browser;
      const tab = await loginTab(() => send({ type: 'log-in', account: ids[broker] }));
      await tab.click('#login');
      return tab;
    },
    async close() {
      await paired.browser.close();
      await destination.close();
      await brokers.close();
    },
  };
  return paired;
}

/** Whether a login that began after `since` is delivered; the screens show the one before it until then. */
export function isDelivered(account: AccountView | undefined, since: number): boolean {
  const at = account?.links?.find(({ name, state }) => name === 'delivered' && state === 'done')?.at;
  return (at ?? 0) >= since;
}

function pair(browser: Browser, { url, secret }: TestDestination, broker: BrokerId): Promise<string> {
  const { apiKey, redirectUrl } = APPS[broker];
  const rest = { api_key: apiKey, redirect_url: redirectUrl, mode: 'seal', expected_user: null } as const;
  return pairLine(browser, writePairing({ url, secret, account: broker, broker, ...rest }));
}
