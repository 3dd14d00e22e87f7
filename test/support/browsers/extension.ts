import { expect } from 'vitest';
import { ownDestination } from '../../../utils/domain/accounts/destinations.ts';
import type { Command, Reply } from '../../../utils/domain/hold/messages.ts';
import type { SessionFacts } from '../../../utils/domain/session/facts.ts';
import type { AccountView } from '../../../utils/domain/view/overview.ts';
import { takeNavigation } from '../../../utils/services/capture/intake.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { busy } from '../../../utils/services/pulse/world.ts';
import { readOverview } from '../../../utils/services/store/overview.ts';
import { readAll } from '../../../utils/services/store/store.ts';
import { brokerOrigins, brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { type Pairing, writePairing } from '../../../utils/shared/pairing.ts';
import { hostPattern } from '../../../utils/shared/urls.ts';
import { ANY_HOUR, pairing } from '../samples/samples.ts';
import { HANGS_MS } from '../until.ts';

/** The extension as a person and a browser drive it: commands in, events in, the overview and the stores out. */

const originOf = (broker: BrokerId) => brokerOrigins(brokers[broker])[0] ?? '';
const USUAL = ['zerodha', 'icici'] as const;

async function allow(...urls: string[]): Promise<void> {
  await chrome.permissions.request({ origins: urls.map(hostPattern) });
}

export async function command(one: Command): Promise<Extract<Reply, { ok: true }>> {
  const reply = await obey(one);
  if (!reply.ok) throw new Error(JSON.stringify(reply.problems));
  return reply;
}

/** Pairs an account with a destination, every address allowed; its id. */
export async function pair({ url, secret }: { url: string; secret: string }, change: Partial<Pairing> = {}) {
  const value = pairing({ expected_user: null, ...change, url, secret });
  const hosts = [...USUAL, value.broker].flatMap((broker) => brokerOrigins(brokers[broker]));
  await allow(url, value.redirect_url, ...hosts);
  const { account = '' } = await command({ type: 'pair', text: writePairing(value) });
  if (value.broker === 'zerodha') await command({ type: 'set-clock', account, clock: ANY_HOUR });
  return account;
}

/** Presses Log in; the tab that opened, with the state its address carries. */
export async function logIn(account: string): Promise<{ tab: number; state: string | null }> {
  await command({ type: 'log-in', account });
  const tabs = await chrome.tabs.query({});
  const tab = tabs.at(-1);
  const extra = new URL(tab?.url ?? '').searchParams.get('redirect_params');
  return { tab: tab?.id ?? -1, state: extra && new URLSearchParams(extra).get('ob_state') };
}

/** The broker's redirect header in a tab. */
export function redirect(tab: number, url: string, broker: BrokerId = 'zerodha') {
  return takeNavigation({ tab, url, origin: originOf(broker), isHeader: true });
}

/** A login from the button to the redirect. */
export async function logInWith(account: string, token: string, broker: (typeof USUAL)[number] = 'zerodha') {
  const { tab, state } = await logIn(account);
  const { settings } = await shownAccount(account, () => true);
  const query = new URLSearchParams({ [broker === 'zerodha' ? 'request_token' : 'apisession']: token });
  if (state !== null) query.set('ob_state', state);
  return redirect(tab, `${settings.redirectUrl}?${query}`, broker);
}

/** What the screens show of an account, once it is so. */
export async function shownAccount(
  id: string,
  isSo: (view: AccountView) => boolean,
  ms = HANGS_MS,
): Promise<AccountView> {
  // Not by the clock: tests set it.
  const deadline = performance.now() + ms;
  for (;;) {
    const view = (await readOverview())?.accounts.find(({ settings }) => settings.id === id);
    if (view && isSo(view)) return view;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(view, null, 1)}`);
    await pause(10);
  }
}

export const isLink = (view: AccountView, name: string, state: string) =>
  view.links?.some((link) => link.name === name && link.state === state) ?? false;

/** What is known of an account at its own destination. */
export async function knownOf(id: string): Promise<SessionFacts | undefined> {
  const { destinations, facts } = await readAll();
  return facts.get(ownDestination(destinations, id)?.id ?? id);
}

/** The trouble of an account's login, wherever it is remembered. */
export async function troubleOf(id: string) {
  const { deliveries } = await readAll();
  const known = await knownOf(id);
  return (deliveries.find(({ account }) => account === id)?.trouble ?? known?.login?.trouble ?? known?.checkTrouble)
    ?.code;
}

/** Everything that the extension has written anywhere. */
export async function everythingStored(): Promise<string> {
  const { accounts, destinations, facts, deliveries, asks, logins } = await readAll();
  const records = { accounts, destinations, facts: [...facts], deliveries, asks, logins };
  return JSON.stringify([await chrome.storage.session.get(null), await chrome.storage.local.get(null), records]);
}

/** Waits until nothing is being called and the token is nowhere any more. */
export async function expectGone(token: string): Promise<void> {
  await expect.poll(everythingStored, { timeout: HANGS_MS }).not.toContain(token);
}

/** Leaves nothing behind: no account, no timer, no call. */
export async function cleanUp(): Promise<void> {
  await expect.poll(() => busy.size, { timeout: HANGS_MS }).toBe(0);
  for (const { id } of (await readAll()).accounts) await command({ type: 'forget', account: id });
  await expect.poll(() => busy.size, { timeout: HANGS_MS }).toBe(0);
  const { origins = [] } = await chrome.permissions.getAll();
  await chrome.permissions.remove({ origins });
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
