import { brokers } from './brokers/index.ts';
import type { Ask, AskReason } from './capture.ts';
import type { Account, Destination } from './settings.ts';

/** A question to the person: which account, what was seen, what a yes does. */
export interface AskView {
  id: string;
  says: string;
  yes: string;
  at: number;
  expiresAt: number;
}

/** The words of an ask. Nothing of the token is in them. */
export function viewAsk({ id, why, place, at, expiresAt }: Ask, account: Account, to: Destination | null): AskView {
  const broker = brokers[account.broker].name;
  const seen: Seen = { broker, account: account.name, place: place ?? '', redirectUrl: account.redirectUrl };
  const goes = account.mode === 'observe' || !to ? '' : ` It goes to ${new URL(to.url).host}, nowhere else.`;
  return { id, at, expiresAt, says: WORDS[why].says(seen) + goes, yes: WORDS[why].yes };
}

interface Seen {
  broker: string;
  account: string;
  place: string;
  redirectUrl: string;
}

const WORDS: Record<AskReason, { says(seen: Seen): string; yes: string }> = {
  pasted: {
    says: ({ broker, account }) =>
      `Send the pasted token of ${broker} “${account}” to your backend? Nothing shows where it came from.`,
    yes: 'Send it',
  },
  'not-started-here': {
    says: ({ broker, account }) =>
      `${broker} sent a login for “${account}” that was not started here. Did you just log in yourself?`,
    yes: 'Yes, send it',
  },
  'state-missing': {
    says: ({ broker, account }) => `${broker} sent the login for “${account}” back without our mark. Is it yours?`,
    yes: 'Yes, send it',
  },
  'page-only': {
    says: ({ broker, account }) =>
      `The redirect page of “${account}” opened with a token, but ${broker} was not seen sending it. Is it yours?`,
    yes: 'Yes, send it',
  },
  elsewhere: {
    says: ({ broker, account, place, redirectUrl }) =>
      `${broker} redirected to ${place}, but “${account}” names ${redirectUrl} here. Is that the address you registered at ${broker}?`,
    yes: 'Use this address',
  },
  'no-scheme': {
    says: ({ broker, account, place }) =>
      `${broker} sent the login for “${account}” to a page of its own, since the redirect URL registered there, “${place}”, has no http:// or https:// in front. Mend that at ${broker}; this one login can still be used.`,
    yes: 'Use this login',
  },
};
