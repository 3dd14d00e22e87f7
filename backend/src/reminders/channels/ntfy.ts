import type { Reminding } from '../../config/reminder-settings.ts';
import type { Channel } from '../message.ts';
import { post } from '../post.ts';

/** A topic of ntfy: https://docs.ntfy.sh/publish/ (2026-11). A tap opens the login. */
export function createNtfy({ url, token }: NonNullable<Reminding['ntfy']>): Channel {
  return {
    name: 'ntfy',
    takes: () => true,
    send: ({ title, text, link }) =>
      post({
        url,
        headers: { title, click: link, ...(token !== null && { authorization: `Bearer ${token}` }) },
        body: text,
      }),
  };
}
