import { createStore, del, entries, get, set } from 'idb-keyval';

// IndexedDB, since content scripts can read storage.local and never this.
const store = createStore('opening-bell', 'records');

/** One record by its key, or undefined. */
export function readRecord(key: string): Promise<unknown> {
  return get(key, store);
}

export function writeRecord(key: string, value: unknown): Promise<void> {
  return set(key, value, store);
}

export function removeRecord(key: string): Promise<void> {
  return del(key, store);
}

/** Every record whose key begins with `prefix`, by the rest of its key. */
export async function recordsUnder(prefix: string): Promise<Map<string, unknown>> {
  const all = await entries<string, unknown>(store);
  return new Map(
    all.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
