import type { Channel } from '../message.ts';
import { post } from '../post.ts';

/** An incoming webhook of Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (2026-11). */
export function createSlack(url: string): Channel {
  return {
    name: 'slack',
    takes: () => true,
    send: ({ title, text, link }) =>
      post({
        url,
        body: { text: `*${escaped(title)}*\n${escaped(text)}\n<${escaped(link)}>`, unfurl_links: false },
      }),
  };
}

/** Slack reads these three as its own signs. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
