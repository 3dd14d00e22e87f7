/** Where an account stands, in the order in which it needs a person. */
export const STATUSES = [
  'failed',
  'rejected',
  'unreachable',
  'expired',
  'never',
  'renew-now',
  'setup',
  'unverified',
  'due-soon',
  'suspect',
  'working',
  'accepted',
  'verified',
  'live',
  'paused',
] as const;
export type Status = (typeof STATUSES)[number];

/** What each status is called, what it means, and what to press. */
export const STATES: Readonly<Record<Status, { label: string; means: string; press: string }>> = {
  failed: {
    label: 'Not live',
    means: 'The last login did not lead to a session that gives prices.',
    press: 'The button that stands with the reason.',
  },
  rejected: { label: 'Rejected', means: 'The broker told your backend that the session is over.', press: 'Log in.' },
  unreachable: {
    label: 'Unreachable',
    means: 'Your backend does not answer, so nothing is known of the session now.',
    press: 'Start your backend, then Try again.',
  },
  expired: { label: 'Expired', means: 'The session has come to its end.', press: 'Log in.' },
  never: { label: 'Log in', means: 'There has been no login yet.', press: 'Log in.' },
  'renew-now': { label: 'Renew now', means: 'The session ends within 15 minutes.', press: 'Log in.' },
  setup: { label: 'Set up', means: 'A destination or a permission is missing.', press: 'Open settings.' },
  unverified: {
    label: 'Unverified',
    means: 'The last proof is too old, or this computer’s clock was changed after it.',
    press: 'Nothing: your backend is asked again by itself.',
  },
  'due-soon': { label: 'Due soon', means: 'The session ends within 30 minutes.', press: 'Log in, when it suits.' },
  suspect: {
    label: 'In doubt',
    means: 'The login was made while the broker may still end new sessions, and was not verified after that.',
    press: 'Nothing before the time shown; Log in if it is not verified then.',
  },
  working: { label: 'Delivering', means: 'A login is on its way to a proof.', press: 'Nothing.' },
  accepted: { label: 'Accepted', means: 'Your backend took the token, and cannot prove more.', press: 'Nothing.' },
  verified: { label: 'Verified', means: 'The broker confirmed the session to your backend.', press: 'Nothing.' },
  live: { label: 'Live', means: 'Verified, and the feed is connected.', press: 'Nothing.' },
  paused: { label: 'Paused', means: 'Nothing is captured, sent or checked.', press: 'Go on.' },
};

/** The statuses in which a login is the thing to do. */
export function needsLogin(status: Status): boolean {
  return ['rejected', 'expired', 'never', 'renew-now', 'due-soon'].includes(status);
}
