import { Counter, Histogram, type Registry } from 'prom-client';
import { REFUSAL_STATUS } from '../../../utils/shared/contract.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import type { AccountName } from '../config/account-name.ts';
import type { Log } from '../log/log.ts';
import type { Snapshots } from './gauges.ts';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 60];

/** What happened: counted as the log hears of it. */
export function countEvents(registry: Registry, { accounts, now }: Pick<Snapshots, 'accounts' | 'now'>): Log {
  const registers = [registry];
  const calls = new Counter({
    name: 'opening_bell_broker_calls_total',
    help: 'Calls of the brokers; `exchange` is a token turned into a session.',
    labelNames: ['account', 'call', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'opening_bell_broker_call_seconds',
    help: 'How long the brokers take to answer.',
    labelNames: ['account', 'call'],
    buckets: SECONDS,
    registers,
  });
  const deliveries = new Counter({
    name: 'opening_bell_deliveries_total',
    help: 'Deliveries that were taken.',
    labelNames: ['account', 'status'],
    registers,
  });
  const refusals = new Counter({
    name: 'opening_bell_refusals_total',
    help: 'Requests to /session that were refused; account `none` where nobody knows whose it was.',
    labelNames: ['account', 'reason'],
    registers,
  });
  const losses = new Counter({
    name: 'opening_bell_feed_losses_total',
    help: 'Feed connections that ended by themselves.',
    labelNames: ['account', 'reason'],
    registers,
  });
  const verified = new Histogram({
    name: 'opening_bell_verify_seconds',
    help: 'From an applied token to the broker confirming its session.',
    labelNames: ['account'],
    buckets: SECONDS,
    registers,
  });
  const firstTick = new Histogram({
    name: 'opening_bell_first_tick_seconds',
    help: 'From an applied token to the first tick of its feed.',
    labelNames: ['account'],
    buckets: SECONDS,
    registers,
  });
  // A series that begins with its first event hides that event from every rate.
  for (const account of [...accounts, 'none'])
    for (const reason of Object.keys(REFUSAL_STATUS)) refusals.inc({ account, reason }, 0);

  const unverified = new Map<AccountName, number>();
  const tickless = new Map<AccountName, number>();
  const since = (starts: Map<AccountName, number>, account: AccountName, histogram: Histogram<'account'>) => {
    const startedAt = starts.get(account);
    if (startedAt !== undefined) histogram.observe({ account }, Math.max(now() - startedAt, 0) / SECOND);
    starts.delete(account);
  };

  return (event) => {
    switch (event.event) {
      case 'broker.called':
        calls.inc({ account: event.account, call: event.call, outcome: event.outcome });
        return duration.observe({ account: event.account, call: event.call }, event.ms / SECOND);
      case 'session.applied':
        unverified.set(event.account, now());
        tickless.set(event.account, now());
        return deliveries.inc({ account: event.account, status: 'applied' });
      case 'session.replayed':
        return deliveries.inc({ account: event.account, status: 'replayed' });
      case 'session.dry_run':
        return deliveries.inc({ account: event.account, status: 'dry_run' });
      case 'session.refused':
        return refusals.inc({ account: event.account ?? 'none', reason: event.reason });
      case 'session.verified':
        return since(unverified, event.account, verified);
      case 'feed.live':
        return since(tickless, event.account, firstTick);
      case 'feed.down':
        return losses.inc({ account: event.account, reason: event.reason });
    }
  };
}
