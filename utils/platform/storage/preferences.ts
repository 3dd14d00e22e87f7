import { browser } from '../browser.ts';

// storage.local outlives IndexedDB when a browser clears site data; content scripts may read it, so nothing secret is here.
const area = browser.storage.local;

export async function readPreference(key: string): Promise<unknown> {
  return (await area.get(key))[key];
}

export function writePreference(key: string, value: unknown): Promise<void> {
  return area.set({ [key]: value });
}

/** Removes everything here, and in the storage that browsers share, which we never write to. */
export async function removeAllPreferences(): Promise<void> {
  await Promise.all([area.clear(), browser.storage.sync.clear()]);
}

/** Shuts our content scripts out of storage.local where the browser can; it forgets that with every start (STO-04). */
export async function closePreferences(): Promise<void> {
  const { local } = globalThis.chrome?.storage ?? {};
  await local?.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
