import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The header by which a program of the person's own comes in, for the backend that keeps its files in `dataDir`. */
export function programKey(dataDir: string): { authorization: string } {
  return { authorization: `Bearer ${readFileSync(join(dataDir, 'session-key'), 'utf8').trim()}` };
}
