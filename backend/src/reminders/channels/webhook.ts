import { postAlert } from '../alert-post.ts';
import type { Channel, Message } from '../message.ts';

/** The webhook's own alerts tell of these already: `expiring`, `on_fallback` and `renewed`. */
const TOLD_AS_ALERTS: readonly Message['kind'][] = ['due-soon', 'fallback', 'green'];

/** Posts to `ALERT_WEBHOOK_URL`, in the form of an alert. */
export function createWebhookChannel(url: string): Channel {
  return {
    name: 'webhook',
    takes: (kind) => !TOLD_AS_ALERTS.includes(kind),
    send: ({ kind, account, at, title, text, link }) =>
      postAlert(url, {
        alert: kind,
        reminder: kind,
        account,
        at: new Date(at).toISOString(),
        text: `${title}. ${text}`,
        login: link,
      }),
  };
}
