import { afterEach, describe, expect, it } from 'vitest';
import { type Draft, NO_DRAFT } from '../../../utils/domain/view/welcome.ts';
import { keepApiKey, keepDraft, readDraft } from '../../../utils/services/store/draft.ts';
import { cleanUp, everythingStored, pair } from '../../support/browsers/extension.ts';
import { SECRET } from '../../support/samples/samples.ts';

const DRAFT: Draft = { ...NO_DRAFT, account: 'new', byHand: true, address: 'https://backend.example/session' };

describe('what was typed on the first-run page', () => {
  afterEach(async () => {
    await cleanUp();
    await chrome.storage.local.clear();
    await chrome.storage.session.clear();
  });

  it('is there again, the API key in memory alone', async () => {
    await keepDraft(DRAFT);
    await keepApiKey('my-key');
    expect(await readDraft()).toEqual({ draft: DRAFT, apiKey: 'my-key' });
    expect(JSON.stringify(await chrome.storage.local.get(null))).not.toContain('my-key');
    await keepApiKey('');
    expect((await readDraft()).apiKey).toBe('');
  });

  it.each([
    ['nothing was kept', undefined],
    ['it is from another version', { ...DRAFT, more: 1 }],
    ['it is damaged', 'draft'],
  ])('is empty where %s', async (_, setup) => {
    await chrome.storage.local.set({ setup });
    expect((await readDraft()).draft).toEqual(NO_DRAFT);
  });

  it('goes with the account it is about', async () => {
    const account = await pair({ url: 'https://backend.example/session', secret: SECRET });
    await keepDraft({ ...DRAFT, account });
    await cleanUp();
    expect((await readDraft()).draft).toEqual(NO_DRAFT);
    expect(await everythingStored()).not.toContain(account);
  });
});
