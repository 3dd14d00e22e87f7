import { brokers } from '../domain/brokers/index.ts';
import type { Account } from '../domain/settings.ts';
import { locked } from '../platform/lock.ts';
import { openTab } from '../platform/tabs.ts';
import { log } from './log.ts';
import { writeLogin } from './store.ts';

/**
 * Opens the broker's own login page for an account and arms its tab. A silent login redirects back in under a second:
 * its capture waits for the same lock, so it always finds the tab armed.
 */
export async function openLogin({ id, broker, apiKey }: Account): Promise<void> {
  const { loginUrl, stateParameter } = brokers[broker];
  const state = newState();
  await locked(async () => {
    const tab = await openTab(loginUrl(apiKey, state));
    log({ event: 'login-opened', account: id });
    await writeLogin({ tab, account: id, by: 'us', state: stateParameter === null ? null : state, at: Date.now() });
  });
}

/** 128 random bits in letters that a redirect carries unchanged. */
function newState(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
