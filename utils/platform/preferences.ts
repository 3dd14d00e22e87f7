import { browser } from './browser.ts';

// storage.local outlives IndexedDB when a browser clears site data; content scripts may read it, so nothing secret is here.
const area = browser.storage.local;

export async function readPreference(key: string): Promise<unknown> {
  return (await area.get(key))[key];
}

export function writePreference(key: string, value: unknown): Promise<void> {
  return area.set({ [key]: value });
}

/** Shuts our content scripts out of storage.local where the browser can; it forgets that with every start (STO-04). */
export async function closePreferences(): Promise<void> {
  const { local } = globalThis.chrome?.storage ?? {};
  await local?.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
