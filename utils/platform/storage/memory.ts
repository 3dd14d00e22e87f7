import { browser } from '../browser.ts';

// storage.session lives in memory: it outlives the worker, not the browser, and content scripts cannot see it.
// Its access level is never opened.
const area = browser.storage.session;

/** What storage.session had no room for (10 MiB): it lives as long as this background, which is enough to send it (STO-08). */
const homeless = new Map<string, unknown>();

/** Read once in a background's life: nobody else writes here, and each read waits its turn behind a page that loads. */
let loaded: Promise<Record<string, unknown>> | undefined;
/** What this background wrote since, as far as it is stored; `GONE` stands for what it removed. */
const changed = new Map<string, unknown>();
const GONE = Symbol('removed');

/** Every entry, in at most one read a life. */
export async function allEntries(): Promise<Map<string, unknown>> {
  loaded ??= area.get(null).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  const all = new Map([...Object.entries(await loaded), ...changed, ...homeless]);
  for (const [key, value] of all) if (value === GONE) all.delete(key);
  return all;
}

/** Tries again what had no room; true when everything is where it outlives this background (STO-11). */
export async function saveHomeless(): Promise<boolean> {
  const tried = [...homeless];
  if (tried.length === 0) return true;
  const isSaved = await area.set(Object.fromEntries(tried)).then(
    () => true,
    () => false,
  );
  for (const [key, value] of isSaved ? tried : []) {
    if (homeless.get(key) !== value) continue;
    changed.set(key, value);
    homeless.delete(key);
  }
  return homeless.size === 0;
}

export async function readEntry(key: string): Promise<unknown> {
  return (await area.get(key))[key];
}

export async function writeEntries(values: Record<string, unknown>): Promise<void> {
  const entries = Object.entries(values);
  await area.set(values).then(
    () => {
      for (const [key, value] of entries) {
        changed.set(key, value);
        homeless.delete(key);
      }
    },
    () => entries.forEach(([key, value]) => void homeless.set(key, value)),
  );
}

export async function removeEntries(keys: string[]): Promise<void> {
  for (const key of keys) homeless.delete(key);
  await area.remove(keys);
  for (const key of keys) changed.set(key, GONE);
}

/** Removes every entry there is. */
export async function removeAllEntries(): Promise<void> {
  homeless.clear();
  await area.clear();
  loaded = Promise.resolve({});
  changed.clear();
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
