import { createTransport } from 'nodemailer';
import { SECOND } from '../../../../utils/shared/time.ts';
import type { Reminding } from '../../config/reminder-settings.ts';
import type { Channel, Sent } from '../message.ts';
import { whyOf } from '../post.ts';

const TIMEOUT_MS = 10 * SECOND;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** One mail to one address by SMTP. A password goes over TLS alone, unless the server is this machine. */
export function createMail({ server, from, to }: NonNullable<Reminding['mail']>): Channel {
  const { protocol, hostname, port, username, password } = new URL(server);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname,
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !LOOPBACK.includes(hostname),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  });
  return {
    name: 'e-mail',
    takes: () => true,
    async send({ title, text, link }): Promise<Sent> {
      try {
        await transport.sendMail({ from, to, subject: title, text: `${text}\n\n${link}\n` });
        return { ok: true };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** 5xx of SMTP is for good, 4xx is for now. */
function failed(error: unknown): Sent {
  const code = error instanceof Error && 'responseCode' in error ? error.responseCode : null;
  if (typeof code === 'number') return { ok: false, why: `answered ${code}`, again: code < 500 };
  return { ok: false, why: whyOf(error), again: true };
}
