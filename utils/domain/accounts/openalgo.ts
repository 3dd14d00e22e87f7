import type { Account, Destination, StatusPage } from './settings.ts';

// 2026-08, https://github.com/marketcalls/openalgo
export const SESSION_STATUS = '/auth/session-status';

/** True for an OpenAlgo: its own callback takes each login, so nothing is ever sent to it. */
export function isOpenAlgo(destination: Pick<Destination, 'kind'> & { status?: StatusPage | null }): boolean {
  return destination.kind === 'plain' && destination.status?.kind === 'openalgo';
}

/** Why an account cannot have an OpenAlgo, as a message's name; null where it can. */
export function whyNoOpenAlgo({
  broker,
  mode,
}: Pick<Account, 'broker' | 'mode'>): 'problem_app_broker' | 'problem_app_mode' | null {
  // 2026-08: it has no ICICI Direct among its brokers.
  if (broker === 'icici') return 'problem_app_broker';
  return mode === 'observe' ? null : 'problem_app_mode';
}
