import type { Config } from '../config/config.ts';
import { createMail } from './channels/mail.ts';
import { createNtfy } from './channels/ntfy.ts';
import { createSlack } from './channels/slack.ts';
import { createTelegram } from './channels/telegram.ts';
import { createWebhookChannel } from './channels/webhook.ts';
import type { Channel } from './message.ts';

/** Every channel that the environment names. */
export function channelsOf({ alertWebhookUrl, reminding }: Pick<Config, 'alertWebhookUrl' | 'reminding'>): Channel[] {
  const { ntfy, telegram, slack, mail } = reminding;
  return [
    ...(alertWebhookUrl === null ? [] : [createWebhookChannel(alertWebhookUrl)]),
    ...(ntfy === null ? [] : [createNtfy(ntfy)]),
    ...(telegram === null ? [] : [createTelegram(telegram)]),
    ...(slack === null ? [] : [createSlack(slack)]),
    ...(mail === null ? [] : [createMail(mail)]),
  ];
}
