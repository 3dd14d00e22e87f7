import { join } from 'node:path';
import type { Results } from '../results.ts';

/** Where a test run leaves what it came to. */
export const KEPT = join(import.meta.dirname, '../../.output/results.json');

/** A run as it is kept: what it came to, of which commit, when, and what this machine could not run. */
export interface Kept extends Results {
  /** With a word where files differed from it. */
  commit: string;
  /** ISO 8601. */
  endedAt: string;
  /** The paths and options that the run was narrowed by. */
  asked: string[];
  notRun: string[];
}
