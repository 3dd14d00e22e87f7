import { Gauge, type Registry } from 'prom-client';
import type { FeedState, QueueState, SessionState } from '../../../utils/shared/contract.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import type { AccountName } from '../config/account-name.ts';

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
  accounts: readonly AccountName[];
  /** Those that are left out. */
  broken: readonly AccountName[];
  session(account: AccountName): Promise<SessionState>;
  feed(account: AccountName): Promise<FeedState | undefined>;
  queue(account: AccountName): Promise<QueueState>;
  now(): number;
}

/** What stands somewhere: read when it is asked for. */
export function addGauges(registry: Registry, { accounts, broken, session, feed, queue, now }: Snapshots): void {
  const registers = [registry];
  const labelNames = ['account', 'state'] as const;
  type Values = [state: string, value: number][];
  const each = async (gauge: Gauge<'account' | 'state'>, read: (account: AccountName) => Promise<Values>) => {
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
  const leftOut = new Gauge({
    name: 'opening_bell_account_left_out',
    help: '1 for an account that does not run, since its variables are wrong.',
    labelNames: ['account'],
    registers,
  });
  for (const account of accounts) leftOut.set({ account }, 0);
  for (const account of broken) leftOut.set({ account }, 1);
  new Gauge({
    name: 'opening_bell_resident_memory_bytes',
    help: 'Memory of this process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
}
