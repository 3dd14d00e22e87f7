import type { ReminderKind } from '../../../utils/shared/reminders.ts';
import { formatIst } from '../../../utils/shared/time.ts';

export type BackendKind = ReminderKind | 'feed-gone';

interface Words {
  title: string;
  text(at: number | null): string;
}

const time = (at: number | null) => (at === null ? 'soon' : `at ${formatIst(at)} in India`);

/** The backend's own sentences: it speaks English to whoever runs it. */
export const WORDS: Record<BackendKind, Words> = {
  rejected: { title: 'session rejected', text: () => 'The broker ended the session. Log in again.' },
  expired: { title: 'session over', text: (at) => `It ended ${time(at)}. Log in again.` },
  'renew-now': { title: 'renew now', text: (at) => `The session ends ${time(at)}.` },
  'due-soon': { title: 'login due soon', text: (at) => `The session ends ${time(at)}.` },
  morning: {
    title: 'log in',
    text: (at) => (at === null ? 'There is no session yet today.' : `The last session ended ${time(at)}.`),
  },
  fallback: { title: 'stand-in prices', text: () => 'The backend serves prices that are not the broker’s.' },
  'feed-gone': { title: 'no prices', text: () => 'The market is open, and the broker’s feed is gone.' },
  green: { title: 'all well again', text: (at) => `The session was verified ${time(at)}.` },
};
