import { grantedHosts } from '../../platform/runtime/permissions.ts';
import { pulse } from '../pulse/pulse.ts';
import { log } from '../store/log.ts';

/** A host or a consent was given or taken back, here or in the browser's own pages. */
export async function permissionsChanged(): Promise<void> {
  const granted = await grantedHosts();
  log({ event: 'permissions', granted: granted.size });
  await pulse();
}
