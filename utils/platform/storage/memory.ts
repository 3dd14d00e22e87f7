import { browser } from '../browser.ts';

// storage.session lives in memory: it outlives the worker, not the browser, and content scripts cannot see it.
// Its access level is never opened.
const area = browser.storage.session;

/** What storage.session had no room for (10 MiB): it lives as long as this background, which is enough to send it (STO-08). */
const homeless = new Map<string, unknown>();

/** Read once in a background's life: nobody else writes here, and each read waits its turn behind a page that loads. */
let loaded: Promise<Map<string, unknown>> | undefined;

/** Every entry, in at most one read a life. */
export async function allEntries(): Promise<Map<string, unknown>> {
  loaded ??= area.get(null).then(
    (all) => new Map(Object.entries(all)),
    (error: unknown) => {
      loaded = undefined;
      throw error;
    },
  );
  return new Map([...(await loaded), ...homeless]);
}

/** What is stored now is known as well, where all of it was read; nothing is kept of what was removed. */
async function know(change: (known: Map<string, unknown>) => void): Promise<void> {
  const known = await loaded?.catch(() => undefined);
  if (known) change(known);
}

/** Tries again what had no room; true when everything is where it outlives this background (STO-11). */
export async function saveHomeless(): Promise<boolean> {
  const tried = [...homeless];
  if (tried.length === 0) return true;
  const isSaved = await area.set(Object.fromEntries(tried)).then(
    () => true,
    () => false,
  );
  const saved = tried.filter(([key, value]) => isSaved && homeless.get(key) === value);
  await know((known) => saved.forEach(([key, value]) => void known.set(key, value)));
  for (const [key, value] of saved) if (homeless.get(key) === value) homeless.delete(key);
  return homeless.size === 0;
}

export async function readEntry(key: string): Promise<unknown> {
  return (await area.get(key))[key];
}

export async function writeEntries(values: Record<string, unknown>): Promise<void> {
  const entries = Object.entries(values);
  const isStored = await area.set(values).then(
    () => true,
    () => false,
  );
  if (isStored) await know((known) => entries.forEach(([key, value]) => void known.set(key, value)));
  for (const [key, value] of entries) {
    if (isStored) homeless.delete(key);
    else homeless.set(key, value);
  }
}

export async function removeEntries(keys: string[]): Promise<void> {
  if (keys.length === 0) return;
  for (const key of keys) homeless.delete(key);
  await area.remove(keys);
  await know((known) => keys.forEach((key) => void known.delete(key)));
}

/** Removes every entry there is. */
export async function removeAllEntries(): Promise<void> {
  homeless.clear();
  await area.clear();
  await know((known) => known.clear());
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
