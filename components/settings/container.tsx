import { COOKIES } from '../../utils/domain/accounts/permission-names.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { ContainerView } from '../../utils/domain/view/container.ts';
import type { Actions } from '../ui/actions.ts';
import { AllowHosts } from '../ui/hosts.tsx';

interface ContainerProps {
  container: ContainerView;
  account: string;
  actions: Actions;
}

/** Where an account's logins open, so that two people of one broker stay logged in side by side. */
export function Container({ container: { isAllowed, isUsed }, account, actions }: ContainerProps) {
  const need = { pattern: COOKIES, reason: say('permission_containers_reason'), granted: false };
  return (
    <>
      <h4>{say('container_title')}</h4>
      <p>{say('container_rule')}</p>
      {!isAllowed && (
        <AllowHosts hosts={[need]} actions={actions}>
          {say('container_allow')}
        </AllowHosts>
      )}
      {isUsed && (
        <div class="row">
          <span class="grow">{say('container_used')}</span>
          <button
            type="button"
            data-action="leave-container"
            onClick={() => void actions.send({ type: 'leave-container', account })}
          >
            {say('container_leave')}
          </button>
        </div>
      )}
    </>
  );
}
