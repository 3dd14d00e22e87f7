import { rmSync } from 'node:fs';

/** Removes the profile of a browser that has ended. Its further processes may write there a moment longer. */
export function removeProfile(profile: string): void {
  rmSync(profile, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 });
}
