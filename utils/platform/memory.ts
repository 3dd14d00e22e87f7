import { browser } from './browser.ts';

// storage.session lives in memory: it outlives the worker, not the browser, and content scripts cannot see it.
// Its access level is never opened.
const area = browser.storage.session;

/** Every entry, in one read. */
export async function allEntries(): Promise<Map<string, unknown>> {
  return new Map(Object.entries(await area.get(null)));
}

export async function readEntry(key: string): Promise<unknown> {
  return (await area.get(key))[key];
}

export function writeEntries(values: Record<string, unknown>): Promise<void> {
  return area.set(values);
}

export function removeEntries(keys: string[]): Promise<void> {
  return area.remove(keys);
}

/** Calls `listener` with every new value of `key`; returns the unsubscribe. */
export function onEntry(key: string, listener: (value: unknown) => void): () => void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>) => {
    const change = changes[key];
    if (change) listener(change.newValue);
  };
  area.onChanged.addListener(onChanged);
  return () => area.onChanged.removeListener(onChanged);
}
