import type { AlertKind } from '../log/log.ts';
import type { Message, Sent } from './message.ts';
import { post } from './post.ts';

/** All that `ALERT_WEBHOOK_URL` ever gets: a receiver needs to know this one form. */
export interface AlertPost {
  /** What it is about: the kind of an alert or of a reminder. No word is of both. */
  alert: AlertKind | Message['kind'];
  account: Message['account'];
  /** When it was said, as ISO 8601 in UTC. */
  at: string;
  /** A sentence for a person. */
  text: string;
  /** Only of a reminder: its kind once more. */
  reminder?: Message['kind'];
  /** Only of a reminder: where to log in. */
  login?: string;
}

export function postAlert(url: string, body: AlertPost): Promise<Sent> {
  return post({ url, body });
}
