import { SECOND } from '../../../../utils/shared/time.ts';
import type { Log } from '../../log/log.ts';
import type { Alert } from './alerts.ts';

const TIMEOUT_MS = 10 * SECOND;

const WORDS: Record<Alert['alert'], string> = {
  expiring: 'The session ends in less than 30 minutes.',
  renewal_failed: 'A renewal of the session failed.',
  renewal_failing: 'The renewal of the session failed three times or more.',
  on_fallback: 'There is no session: prices come from Yahoo Finance.',
  renewed: 'The session is renewed.',
};

/** Posts each alert as JSON, once; an alert that is not taken is logged and not sent again. */
export function createWebhook(url: string | null, log: Log): (alert: Alert) => void {
  if (url === null) return () => {};
  return (alert) => {
    void post(url, { ...alert, text: WORDS[alert.alert] }).then((isTaken) => {
      if (!isTaken) log({ event: 'alert.not_sent', alert: alert.alert });
    });
  };
}

async function post(url: string, body: object): Promise<boolean> {
  try {
    const { ok } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return ok;
  } catch {
    return false;
  }
}
