import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { busy } from '../../../../utils/services/pulse/world.ts';
import { SECOND } from '../../../../utils/shared/time.ts';
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
    expect((await chrome.alarms.get('pulse'))?.scheduledTime).toBeLessThanOrEqual(Date.now() + 30 * SECOND);
    const asked = [vi.spyOn(chrome.alarms, 'get'), vi.spyOn(chrome.alarms, 'create'), vi.spyOn(chrome.alarms, 'clear')];
    const { fetch } = globalThis;
    const { promise, resolve } = Promise.withResolvers<number[]>();
    vi.spyOn(globalThis, 'fetch').mockImplementation((...given) => {
      if (String(given[1]?.body).includes(KITE_TOKEN)) resolve(asked.map(({ mock }) => mock.calls.length));
      return fetch(...given);
    });
    await redirect(
      tab,
      `${settings.redirectUrl}?${new URLSearchParams({ request_token: KITE_TOKEN, ob_state: state ?? '' })}`,
    );
    expect(await promise).toEqual([0, 0, 0]);
    await shownAccount(account, ({ status }) => status === 'live');
  });
});
