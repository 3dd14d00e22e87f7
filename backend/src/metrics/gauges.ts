import { Gauge, type Registry } from 'prom-client';
import type { BrokerId, FeedState, QueueState, SessionState } from '../../../utils/shared/contract.ts';
import { SECOND } from '../../../utils/shared/time.ts';

const SESSION_STATES: readonly SessionState['state'][] = ['none', 'exchanged', 'verified', 'rejected', 'expired'];
const FEED_STATES: readonly FeedState['state'][] = [
  'off',
  'connecting',
  'subscribed',
  'live',
  'refused',
  'no_market_data',
];

/** What is read at the moment of a scrape. */
export interface Snapshots {
  accounts: readonly BrokerId[];
  session(account: BrokerId): Promise<SessionState>;
  feed(account: BrokerId): Promise<FeedState | undefined>;
  queue(account: BrokerId): Promise<QueueState>;
  now(): number;
}

/** What stands somewhere: read when it is asked for. */
export function addGauges(registry: Registry, { accounts, session, feed, queue, now }: Snapshots): void {
  const registers = [registry];
  const labelNames = ['account', 'state'] as const;
  type Values = [state: string, value: number][];
  const each = async (gauge: Gauge<'account' | 'state'>, read: (account: BrokerId) => Promise<Values>) => {
    for (const account of accounts)
      for (const [state, value] of await read(account)) gauge.set({ account, state }, value);
  };
  const oneOf = (states: readonly string[], current: string | undefined): Values =>
    states.map((state) => [state, Number(state === current)]);

  new Gauge({
    name: 'opening_bell_session',
    help: '1 for the state that the session is in.',
    labelNames,
    registers,
    async collect() {
      await each(this, async (account) => oneOf(SESSION_STATES, (await session(account)).state));
    },
  });
  new Gauge({
    name: 'opening_bell_session_expires_seconds',
    help: 'How long the session can still live; 0 without one.',
    labelNames: ['account'],
    registers,
    async collect() {
      for (const account of accounts) {
        const end = Date.parse((await session(account)).expires_at ?? '');
        this.set({ account }, Number.isNaN(end) ? 0 : Math.max(end - now(), 0) / SECOND);
      }
    },
  });
  new Gauge({
    name: 'opening_bell_feed',
    help: '1 for the state that the feed is in.',
    labelNames,
    registers,
    async collect() {
      await each(this, async (account) => oneOf(FEED_STATES, (await feed(account))?.state));
    },
  });
  new Gauge({
    name: 'opening_bell_jobs',
    help: 'Requests that failed for want of a session, by their state now.',
    labelNames,
    registers,
    async collect() {
      await each(this, async (account) => {
        const { latest: _latest, ...counts } = await queue(account);
        return Object.entries(counts);
      });
    },
  });
  new Gauge({
    name: 'opening_bell_resident_memory_bytes',
    help: 'Memory of this process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
}
