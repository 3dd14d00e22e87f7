import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, logInWith, pair, shownAccount } from '../../support/browsers/extension.ts';
import { KITE_TOKEN } from '../../support/samples/samples.ts';

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
});
