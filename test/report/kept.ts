import { join } from 'node:path';

/** Where a test run leaves what it came to. */
export const KEPT = join(import.meta.dirname, '../../.output/results.json');
