import { MINUTE } from '../../../../utils/shared/time.ts';
import { type AccountName, firstOf } from '../../config/account-name.ts';
import { type AlertKind, type Log, type LogEvent, pulseFailed } from '../../log/log.ts';
import type { AlertMarks } from '../../store/tables/alert-marks.ts';
import type { Sessions } from '../../store/tables/sessions.ts';

export interface Alert {
  alert: AlertKind;
  account: AccountName;
  at: string;
}

const EXPIRING_MS = 30 * MINUTE;
const REPEATEDLY = 3;
/** These say nothing about whether a renewal works. */
const HARMLESS = new Set(['in_progress', 'superseded', 'bad_signature', 'stale_timestamp', 'bad_request']);

export interface AlertOptions {
  accounts: readonly AccountName[];
  sessions: Sessions;
  marks: AlertMarks;
  send(alert: Alert): void;
  log: Log;
  now(): number;
}

/** Turns what is logged into the five alerts of the Next.js system; `tick` looks at the clock. */
export function createAlerts({ accounts, sessions, marks, send, log, now }: AlertOptions) {
  const failures = new Map<AccountName, number>();
  const latest: Alert[] = [];

  function raise(alert: AlertKind, account: AccountName): void {
    const raised = { alert, account, at: new Date(now()).toISOString() };
    latest.unshift(raised);
    latest.length = Math.min(latest.length, 20);
    log({ event: 'alert', account, alert });
    send(raised);
  }

  function fail(account: AccountName): void {
    const count = (failures.get(account) ?? 0) + 1;
    failures.set(account, count);
    raise(count >= REPEATEDLY ? 'renewal_failing' : 'renewal_failed', account);
  }

  async function look(): Promise<void> {
    for (const account of accounts) {
      const { state, expires_at: end, exchanged_at: begin } = await sessions.state(account, now());
      const isLive = state === 'exchanged' || state === 'verified';
      if (!isLive || end === null || begin === null || Date.parse(end) - now() >= EXPIRING_MS) continue;
      if (await marks.first('expiring', account, begin, now())) raise('expiring', account);
    }
  }

  async function renewed(account: AccountName): Promise<void> {
    const { exchanged_at: begin } = await sessions.state(account, now());
    // A session is verified again at each start and at each check; it is new once.
    if (begin !== null && (await marks.first('renewed', account, begin, now()))) raise('renewed', account);
    await look();
  }

  // A store that is away for a moment: the next tick looks again.
  const safely = (work: () => Promise<void>): void => void work().catch(pulseFailed(log));
  const tick = (): void => safely(look);

  return {
    tick,
    latest: (): readonly Alert[] => latest,
    hear(event: LogEvent): void {
      if (event.event === 'session.verified') {
        failures.delete(event.account);
        safely(() => renewed(event.account));
      } else if (event.event === 'session.refused') {
        if (event.account !== null && !HARMLESS.has(event.reason)) fail(event.account);
      } else if (event.event === 'session.rejected') {
        if (event.by !== 'operation') fail(event.account);
      } else if (event.event === 'fallback.on') {
        // Prices are asked of Breeze first.
        const account = firstOf('icici', accounts) ?? accounts[0];
        if (account !== undefined) raise('on_fallback', account);
      }
    },
  };
}
