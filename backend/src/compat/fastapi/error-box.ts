import { BROKER_IDS, brokers } from '../../../../utils/shared/brokers/index.ts';
import { type AccountName, brokerOf } from '../../config/account-name.ts';
import type { LogEvent } from '../../log/log.ts';

const WIDTH = 72;

/** What a person reads in the terminal when the broker refuses the session. */
function errorBox(account: AccountName, loginUrl: string): string {
  const { name } = brokers[brokerOf(account)];
  const lines = [
    `${name.toUpperCase()} REFUSES THE SESSION`,
    'It has expired, or another login took its place.',
    '',
    `Quick fix:  npm run quick-fix${account === BROKER_IDS[0] ? '' : ` -- ${account}`}`,
    `or open:    ${loginUrl}`,
    '',
    'This backend watches for a new token and reconnects by itself.',
  ];
  const width = Math.max(WIDTH, ...lines.map((line) => line.length));
  const rule = '─'.repeat(width + 2);
  return [`┌${rule}┐`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `└${rule}┘`].join('\n');
}

/** Shows the box once for each session that the broker refuses, by REST or at its feed. */
export function createErrorBoxes(show: (box: string) => void): (event: LogEvent) => void {
  const refused = new Set<AccountName>();
  let port = 0;
  return (event) => {
    if (event.event === 'backend.started') port = event.port;
    if (event.event === 'session.applied') refused.delete(event.account);
    const isRefusal =
      event.event === 'session.rejected' ||
      (event.event === 'feed.down' && event.reason === 'refused') ||
      (event.event === 'session.taken_up' && event.outcome === 'refused');
    if (!isRefusal || refused.has(event.account)) return;
    refused.add(event.account);
    show(errorBox(event.account, `http://127.0.0.1:${port}/api/auth/login?broker=${event.account}`));
  };
}
