import { createStore, del, entries, set } from 'idb-keyval';

// IndexedDB, since content scripts can read storage.local and never this.
const store = createStore('opening-bell', 'records');

/** Read once in a background's life: nobody else writes here, and a token that lives two minutes should not wait for a disk. */
let loaded: Promise<Map<string, unknown>> | undefined;

function records(): Promise<Map<string, unknown>> {
  loaded ??= entries<string, unknown>(store).then(
    (all) => new Map(all),
    (error) => {
      loaded = undefined;
      throw error;
    },
  );
  return loaded;
}

/** One record by its key, or undefined. */
export async function readRecord(key: string): Promise<unknown> {
  return (await records()).get(key);
}

export async function writeRecord(key: string, value: unknown): Promise<void> {
  await set(key, value, store);
  (await records()).set(key, value);
}

export async function removeRecord(key: string): Promise<void> {
  await del(key, store);
  (await records()).delete(key);
}

/** Every record whose key begins with `prefix`, by the rest of its key. */
export async function recordsUnder(prefix: string): Promise<Map<string, unknown>> {
  return new Map(
    [...(await records())].flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );
}
