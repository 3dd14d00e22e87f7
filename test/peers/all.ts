import { OLDER_DJANGO, OLDER_FASTAPI, OLDER_NEXTJS } from './older.ts';
import { PEERS } from './peers.ts';
import type { Peer } from './start.ts';

/** Every receiver of examples/ and every older system. */
export const ALL: readonly Peer[] = [...PEERS, ...OLDER_DJANGO, OLDER_NEXTJS, OLDER_FASTAPI];

/** Those that cannot be started here, each with what is missing. */
export function missingPeers(): string[] {
  return ALL.flatMap(({ name, missing }) => {
    const what = missing();
    return what === null ? [] : [`the receiver for ${name}: ${what}`];
  });
}
