import { say, sayCount } from '../../utils/domain/base/words.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import type { Actions } from '../ui/actions.ts';
import { AllowHosts, Hosts } from '../ui/hosts.tsx';

/** Every address that is still to be allowed, with its reason, in one click. */
export function PermissionsStep({ account: { hosts }, actions }: { account: AccountView; actions: Actions }) {
  const missing = hosts.filter(({ granted }) => !granted);
  return (
    <>
      <p>{say('setup_permissions_how')}</p>
      <AllowHosts hosts={missing} actions={actions}>
        {sayCount('setup_allow', missing.length)}
      </AllowHosts>
    </>
  );
}

/** What is allowed, folded away. */
export function AllowedHosts({ account: { hosts } }: { account: AccountView }) {
  return (
    <details>
      <summary>{sayCount('setup_allowed', hosts.length)}</summary>
      <Hosts hosts={hosts} />
    </details>
  );
}
