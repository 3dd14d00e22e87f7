import { browser } from '../browser.ts';

// storage.session lives in memory: it outlives the worker, not the browser, and content scripts cannot see it.
// Its access level is never opened.
const area = browser.storage.session;

/** What storage.session had no room for (10 MiB): it lives as long as this background, which is enough to send it (STO-08). */
const homeless = new Map<string, unknown>();

/** Every entry, in one read. */
export async function allEntries(): Promise<Map<string, unknown>> {
  return new Map([...Object.entries(await area.get(null)), ...homeless]);
}

/** Tries again what had no room; true when everything is where it outlives this background (STO-11). */
export async function saveHomeless(): Promise<boolean> {
  const tried = [...homeless];
  if (tried.length === 0) return true;
  const isSaved = await area.set(Object.fromEntries(tried)).then(
    () => true,
    () => false,
  );
  if (isSaved) for (const [key, value] of tried) if (homeless.get(key) === value) homeless.delete(key);
  return homeless.size === 0;
}

export async function readEntry(key: string): Promise<unknown> {
  return (await area.get(key))[key];
}

export async function writeEntries(values: Record<string, unknown>): Promise<void> {
  const entries = Object.entries(values);
  await area.set(values).then(
    () => entries.forEach(([key]) => void homeless.delete(key)),
    () => entries.forEach(([key, value]) => void homeless.set(key, value)),
  );
}

export async function removeEntries(keys: string[]): Promise<void> {
  for (const key of keys) homeless.delete(key);
  await area.remove(keys);
}

/** Removes every entry there is. */
export async function removeAllEntries(): Promise<void> {
  homeless.clear();
  await area.clear();
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
