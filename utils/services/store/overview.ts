import type { Overview } from '../../domain/view/overview.ts';
import { onEntry, readEntry, writeEntries } from '../../platform/storage/memory.ts';

const KEY = 'overview';

/** The last view model, also while the background sleeps; null before its first pulse since the browser started. */
export async function readOverview(): Promise<Overview | null> {
  return ((await readEntry(KEY)) as Overview | undefined) ?? null;
}

export function writeOverview(overview: Overview): Promise<void> {
  return writeEntries({ [KEY]: overview });
}

/** Hears every new view model; returns the unsubscribe. */
export function onOverview(listener: (overview: Overview) => void): () => void {
  return onEntry(KEY, (value) => {
    if (value !== undefined) listener(value as Overview);
  });
}
