import { STATUSES, type Status } from './status.ts';

/** What tells how much an account needs a person. */
interface Needy {
  status: Status;
  /** A question that waits for the person, or null. */
  ask?: object | null;
}

/** Those given, the one that needs a person most first; equal ones stay in their order. */
export function byNeed<T extends Needy>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => rank(a) - rank(b));
}

/** The same of accounts whose further destinations count as they do. */
export function byNeedOfAll<T extends Needy & { further: readonly Needy[] }>(accounts: readonly T[]): T[] {
  const most = ({ further, ...account }: T) => Math.min(rank(account), ...further.map(rank));
  return [...accounts].sort((a, b) => most(a) - most(b));
}

function rank({ status, ask }: Needy): number {
  return ask ? -1 : STATUSES.indexOf(status);
}
