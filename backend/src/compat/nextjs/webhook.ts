import type { Log } from '../../log/log.ts';
import { postAlert } from '../../reminders/alert-post.ts';
import { type DeliverOptions, deliver } from '../../reminders/deliver.ts';
import type { Alert } from './alerts.ts';

const WORDS: Record<Alert['alert'], string> = {
  expiring: 'The session ends in less than 30 minutes.',
  renewal_failed: 'A renewal of the session failed.',
  renewal_failing: 'The renewal of the session failed three times or more.',
  on_fallback: 'There is no session: prices come from Yahoo Finance.',
  renewed: 'The session is renewed.',
};

/** Posts each alert as JSON, one after the other, and again as reminders are; one that is not taken then is logged. */
export function createWebhook(url: string | null, log: Log, retry?: DeliverOptions) {
  const ended = new AbortController();
  let sending = Promise.resolve();

  async function send(to: string, alert: Alert): Promise<void> {
    if (ended.signal.aborted) return;
    const body = { ...alert, text: WORDS[alert.alert] };
    const sent = await deliver(() => postAlert(to, body), { ...retry, signal: ended.signal });
    if (!sent.ok) log({ event: 'alert.not_sent', alert: alert.alert, why: sent.why });
  }

  return {
    send(alert: Alert): void {
      if (url !== null) sending = sending.then(() => send(url, alert));
    },
    stop: () => ended.abort(),
  };
}
