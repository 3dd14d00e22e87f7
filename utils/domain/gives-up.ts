import type { PlainDestination } from './settings.ts';

type Chosen = Pick<PlainDestination, 'authorization' | 'format' | 'login' | 'redirect' | 'status'>;

/** What a person gives up with a plain destination as they set it, in sentences for the settings. */
export function givesUp({ authorization, format, login = 'none', redirect = 'failure', status }: Chosen): string[] {
  return [
    'This kind is unsigned: the answer cannot be proven, so Opening Bell only ever says “accepted”. A Zerodha token whose answer is lost is never sent again.',
    status ? 'Beyond that it says what your status page says of the session, unsigned too.' : '',
    authorization.kind === 'none' ? '' : 'What you enter as authorization is stored in this browser as it is.',
    format === 'query' ? 'The token stands in the address, so your server’s log may keep it.' : '',
    redirect === 'taken'
      ? 'A redirect counts as accepted, wherever it leads: a callback that failed may look the same.'
      : '',
    LOGIN[login],
  ].filter(Boolean);
}

const LOGIN: Record<NonNullable<PlainDestination['login']>, string> = {
  none: '',
  cookie:
    'It is sent with the cookies of your login at that host, as if its own page sent it. While you are logged out there, the token waits and the popup says so.',
  tab: 'It is sent from an open tab of your backend, with your login there. Without such a tab, or logged out, the token waits and the popup says so.',
};
