import { tellTrouble } from '../../utils/domain/delivery/trouble.ts';
import { REFUSAL_STATUS, type RefusalReason } from '../../utils/shared/contract.ts';
import type { Caller, Reply } from './caller.ts';

/**
 * What a rule found. `broken`: the receiver is wrong. `advice`: it is right, but the popup could say more.
 * `unseen`: this receiver, as it stands, gives no chance to see it.
 */
export type Finding =
  | { found: 'ok'; says: string }
  | { found: 'broken' | 'advice'; says: string; mend: string }
  | { found: 'unseen'; says: string };

/** One rule of docs/contract.md, as something that can be played. */
export interface Rule {
  name: string;
  play(caller: Caller): Promise<Finding>;
}

export const ok = (says: string): Finding => ({ found: 'ok', says });
export const unseen = (says: string): Finding => ({ found: 'unseen', says });
export const broken = (says: string, mend: string): Finding => ({ found: 'broken', says, mend });
export const advice = (says: string, mend: string): Finding => ({ found: 'advice', says, mend });

/** A success in the extension's eyes, or any 2xx: something that should have been refused was taken in. */
export function isTaken({ status, outcome }: Reply): boolean {
  return outcome.kind !== 'trouble' || (status !== null && status >= 200 && status < 300);
}

/** The reason of a refusal that is signed and of the contract's shape, or null. */
export function refusalOf({ isSigned, answer }: Reply): string | null {
  return isSigned && answer?.type === 'session.refused' ? answer.reason : null;
}

/** Whether it refuses so, signed or not: that refusals are to be signed is a rule of its own. */
export function isRefusedAs({ answer, status }: Reply, reason: RefusalReason): boolean {
  return answer === null
    ? status === REFUSAL_STATUS[reason]
    : answer.type === 'session.refused' && answer.reason === reason;
}

/** What the extension would say of an answer. */
export function saysOf({ status, outcome, answer }: Reply): string {
  const number = status === null ? '' : ` (status ${status})`;
  if (outcome.kind !== 'trouble') return `It answered ${answer?.type}${number}.`;
  const { code, words } = outcome.trouble;
  return [tellTrouble(code) + number, words].filter(Boolean).join(' ');
}

/** The words of an applied delivery, or null where it was not applied. */
export function appliedAs({ outcome }: Reply): 'applied' | 'replayed' | 'dry_run' | null {
  return outcome.kind === 'applied' ? outcome.answer.status : null;
}
