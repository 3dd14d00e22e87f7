import { clear, createStore, del, entries, promisifyRequest, set } from 'idb-keyval';

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

/** Writes a record to disk; throws where the disk refuses. */
export async function writeRecord(key: string, value: unknown): Promise<void> {
  await set(key, value, store);
  (await records()).set(key, value);
  unsaved.delete(key);
}

/** Records that the disk refused to take, or to remove: they hold for this life of the background, and are tried again. */
const unsaved = new Set<string>();

/** Writes a record that must not stop what is under way: where the disk refuses, it lives on in this background (STO-08). */
export async function keepRecord(key: string, value: unknown): Promise<void> {
  (await records()).set(key, value);
  await set(key, value, store).then(
    () => unsaved.delete(key),
    () => unsaved.add(key),
  );
}

/** Tries again what the disk refused; true when everything is on disk now (STO-11). */
export async function saveUnsaved(): Promise<boolean> {
  for (const key of [...unsaved]) {
    const value = (await records()).get(key);
    if (value !== undefined) await keepRecord(key, value);
    else await removeRecord(key).catch(() => undefined);
  }
  return unsaved.size === 0;
}

export async function removeRecord(key: string): Promise<void> {
  await del(key, store);
  (await records()).delete(key);
  unsaved.delete(key);
}

/** What came of a change of many records: all of it, or nothing, by the fault of the record named, where one is to blame. */
type Changed = { ok: true } | { ok: false; key: string | null };

/** Writes and removes in one transaction: where the disk refuses any of it, nothing is changed. */
export async function changeRecords(put: ReadonlyMap<string, unknown>, gone: readonly string[]): Promise<Changed> {
  const known = await records();
  let tried: string | null = null;
  try {
    await store('readwrite', async (within) => {
      const { transaction } = within;
      try {
        for (const [key, value] of put) {
          tried = key;
          await promisifyRequest(within.put(value, key));
        }
        tried = null;
        for (const key of gone) within.delete(key);
      } catch (error) {
        // What was put before the one that failed would be kept otherwise.
        if (transaction.error === null) transaction.abort();
        throw error;
      }
      await promisifyRequest(transaction);
    });
  } catch {
    return { ok: false, key: tried };
  }
  hold(known, put, gone);
  for (const key of [...put.keys(), ...gone]) unsaved.delete(key);
  return { ok: true };
}

/** The same for a change that must not stop what is under way: where the disk refuses, it lives on in this background. */
export async function keepChanges(put: ReadonlyMap<string, unknown>, gone: readonly string[]): Promise<void> {
  if ((await changeRecords(put, gone)).ok) return;
  hold(await records(), put, gone);
  for (const key of [...put.keys(), ...gone]) unsaved.add(key);
}

function hold(known: Map<string, unknown>, put: ReadonlyMap<string, unknown>, gone: readonly string[]): void {
  for (const [key, value] of put) known.set(key, value);
  for (const key of gone) known.delete(key);
}

/** Removes every record there is. */
export async function removeAllRecords(): Promise<void> {
  await clear(store);
  (await records()).clear();
  unsaved.clear();
}

/** Every record whose key begins with `prefix`, by the rest of its key. */
export async function recordsUnder(prefix: string): Promise<Map<string, unknown>> {
  return new Map(
    [...(await records())].flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );
}
