import { check } from '../../domain/base/check.ts';
import { Draft, keepable, NO_DRAFT } from '../../domain/view/welcome.ts';
import { readEntry, removeEntries, writeEntries } from '../../platform/storage/memory.ts';
import { readPreference, writePreference } from '../../platform/storage/preferences.ts';

const KEY = 'setup';
// A key may be a secret that was pasted by mistake: it outlives the tab, but never stands on the disk.
const API_KEY = 'setup-key';

/** What was typed on the set-up page and is not saved yet; the API key beside it. */
export async function readDraft(): Promise<{ draft: Draft; apiKey: string }> {
  const [stored, apiKey] = await Promise.all([readPreference(KEY), readEntry(API_KEY)]);
  const read = check(Draft, stored);
  return { draft: read.ok ? read.value : NO_DRAFT, apiKey: typeof apiKey === 'string' ? apiKey : '' };
}

/** Keeps a draft for the next time the page is opened; what cannot be kept is left out. */
export async function keepDraft(draft: Draft): Promise<void> {
  const checked = check(Draft, keepable(draft));
  if (checked.ok) await writePreference(KEY, checked.value);
}

export function keepApiKey(apiKey: string): Promise<void> {
  return apiKey === '' ? removeEntries([API_KEY]) : writeEntries({ [API_KEY]: apiKey.slice(0, 500) });
}

/** Drops a draft that is about an account which is forgotten. */
export async function forgetDraft(account: string): Promise<void> {
  const { draft } = await readDraft();
  if (draft.account !== account) return;
  await writePreference(KEY, NO_DRAFT);
  await removeEntries([API_KEY]);
}
