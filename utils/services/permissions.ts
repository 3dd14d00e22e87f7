import { grantedHosts } from '../platform/permissions.ts';
import { log } from './log.ts';
import { pulse } from './pulse.ts';

/** A host or a consent was given or taken back, here or in the browser's own pages. */
export async function permissionsChanged(): Promise<void> {
  const granted = await grantedHosts();
  log({ event: 'permissions', granted: granted.size });
  await pulse();
}
