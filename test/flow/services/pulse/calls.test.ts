import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { busy } from '../../../../utils/services/pulse/world.ts';
import { openDestination, type TestDestination } from '../../../support/backend/destination.ts';
import { cleanUp, logIn, logInWith, pair, redirect, shownAccount } from '../../../support/browsers/extension.ts';
import { KITE_TOKEN } from '../../../support/samples/samples.ts';
import { HANGS_MS } from '../../../support/until.ts';

let backend: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await cleanUp();
  await backend.close();
});

/** The calls of the browser that a token waits for, one after the other or at once, by their names. */
function listen(): string[] {
  const calls: string[] = [];
  const areas = { alarms: chrome.alarms, session: chrome.storage.session, local: chrome.storage.local };
  const methods = { alarms: ['get', 'create', 'clear'], session: ['get', 'set', 'remove'], local: ['get', 'set'] };
  for (const [name, area] of Object.entries(areas))
    for (const method of methods[name as keyof typeof areas]) {
      const spied = area as unknown as Record<string, (...given: unknown[]) => unknown>;
      const real = spied[method]?.bind(area);
      vi.spyOn(spied, method).mockImplementation((...given) => {
        calls.push(`${name}.${method}`);
        return real?.(...given);
      });
    }
  return calls;
}

describe('from the redirect to a live session', () => {
  it('a background that lives reads nothing from the memory store', async () => {
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    const reads = vi.spyOn(chrome.storage.session, 'get');
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    // The overview is read by the test itself.
    expect(reads.mock.calls.filter(([key]) => key === null)).toEqual([]);
  });

  it('a token waits for no alarm, since the login set it when it began', async () => {
    const account = await pair(backend);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    const pressedAt = Date.now();
    const { tab, state } = await logIn(account);
    const { settings } = await shownAccount(account, ({ reportedAt }) => (reportedAt ?? 0) > pressedAt);
    await expect.poll(() => busy.size, { timeout: HANGS_MS }).toBe(0);
    const calls = listen();
    const { fetch } = globalThis;
    const { promise, resolve } = Promise.withResolvers<string[]>();
    vi.spyOn(globalThis, 'fetch').mockImplementation((...given) => {
      if (String(given[1]?.body).includes(KITE_TOKEN)) resolve([...calls]);
      return fetch(...given);
    });
    await redirect(
      tab,
      `${settings.redirectUrl}?${new URLSearchParams({ request_token: KITE_TOKEN, ob_state: state ?? '' })}`,
    );
    expect((await promise).filter((call) => call.startsWith('alarms'))).toEqual([]);
    await shownAccount(account, ({ status }) => status === 'live');
  });
});
