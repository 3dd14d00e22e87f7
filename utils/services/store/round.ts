import { unwrap, wrap } from '../../domain/base/records.ts';
import { STORED } from '../../domain/records/stored.ts';
import type { Round } from '../../domain/session/round.ts';
import { allEntries, removeEntries, writeEntries } from '../../platform/storage/memory.ts';

const KEY = 'round';

/** The logins that open one after the other, or null; in memory, since the browser's end ends them too. */
export async function readRound(): Promise<Round | null> {
  const read = unwrap(STORED.round, (await allEntries()).get(KEY));
  return read.ok ? read.value : null;
}

export function writeRound(round: Round | null): Promise<void> {
  return round === null ? removeEntries([KEY]) : writeEntries({ [KEY]: wrap(STORED.round, round) });
}
