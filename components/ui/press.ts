import { useSignal } from '@preact/signals';
import { tellProblems } from '../../utils/domain/base/tell-problem.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Command } from '../../utils/domain/hold/messages.ts';
import type { Actions } from './actions.ts';

/** Sends commands for a view's buttons, one at a time, and keeps in words why the last one was refused. */
export function usePress({ send }: Pick<Actions, 'send'>) {
  const isBusy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const press = async (command: Command): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    const reply = await send(command).catch(() => null);
    if (reply === null) problem.value = say('popup_silent');
    else problem.value = reply.ok ? null : tellProblems(reply.problems);
    isBusy.value = false;
  };
  return { press, problem: problem.value, isBusy: isBusy.value };
}

export type Press = ReturnType<typeof usePress>['press'];
