import type { Reminding } from '../../config/reminder-settings.ts';
import type { Channel } from '../message.ts';
import { post } from '../post.ts';

/** A bot of Telegram: https://core.telegram.org/bots/api#sendmessage (2026-11). */
export function createTelegram({ url, token, chat }: NonNullable<Reminding['telegram']>): Channel {
  return {
    name: 'telegram',
    takes: () => true,
    send: ({ title, text, link }) =>
      post({
        url: `${url.replace(/\/$/, '')}/bot${token}/sendMessage`,
        // A preview would have Telegram open the login page.
        body: { chat_id: chat, text: `${title}\n${text}\n${link}`, link_preview_options: { is_disabled: true } },
      }),
  };
}
