import { STATUSES, type Status } from './standing.ts';

export interface Badge {
  text: string;
  /** A CSS colour; the text alone already tells the states apart. */
  color: string;
  title: string;
}

const BADGES: Record<Status, Omit<Badge, 'title'> & { says: string }> = {
  failed: { text: '✕', color: '#b3261e', says: 'failed' },
  'log-in': { text: '!', color: '#a05a00', says: 'log in' },
  setup: { text: '', color: '#6c675d', says: 'not set up' },
  working: { text: '…', color: '#2457a6', says: 'delivering' },
  accepted: { text: '✓', color: '#5c6670', says: 'accepted' },
  verified: { text: '✓', color: '#1c7a4c', says: 'verified' },
  live: { text: '✓', color: '#1c7a4c', says: 'live' },
  paused: { text: '', color: '#6c675d', says: 'paused' },
};

/** What the badge has to know of an account. */
interface Spoken {
  brokerName: string;
  name: string;
  status: Status;
  says: string;
  /** A question that waits for the person, or null. */
  ask: object | null;
}

export const LOST_BADGE: Badge = {
  text: BADGES.failed.text,
  color: BADGES.failed.color,
  title: 'Opening Bell: the browser lost the settings. Pair again.',
};

/** The badge speaks for the account that needs a person most. */
export function badge(accounts: readonly Spoken[]): Badge {
  const [worst] = [...accounts].sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
  if (!worst) return { text: '', color: BADGES.setup.color, title: 'Opening Bell: no account yet' };
  const { text, color, says } = BADGES[worst.ask ? 'log-in' : worst.status];
  return { text, color, title: `Opening Bell: ${worst.brokerName} ${worst.name} – ${says}. ${worst.says}` };
}
