import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SECOND } from '../../../../utils/shared/time.ts';
import type { News } from '../store.ts';
import { connectionTo } from './database.ts';

export const CHANNEL = 'opening_bell';
/** The word of the trigger on prices; no other names this table. */
const PRICES = 'feeds';
const PAUSES_MS = [100, 200, 500, SECOND];
/** A connection that broke without a word is found out by asking. */
const ALIVE_EVERY_MS = 10 * SECOND;

/**
 * Listens for what other processes write, on a connection of its own. Nothing is told to a connection that is down, so
 * each new one begins with a call as well.
 */
export function createNotices(url: string) {
  const stopping = new AbortController();
  const { signal } = stopping;

  /** One connection from its beginning to its end; resolves to whether it ever listened. */
  async function listenOnce(changed: (news: News) => void): Promise<boolean> {
    const client = new pg.Client(connectionTo(url));
    const ended = new Promise<void>((resolve) => {
      for (const event of ['error', 'end'] as const) client.once(event, () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('error', () => {});
    // Not waited for: of a connection that never came about no end is told either.
    const end = () => void client.end().catch(() => undefined);
    try {
      await client.connect();
      client.on('notification', ({ payload }) => changed(payload === PRICES ? 'prices' : 'work'));
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      end();
      return false;
    }
    changed('work');
    const asking = setInterval(() => void client.query('SELECT 1').catch(end), ALIVE_EVERY_MS);
    if (!signal.aborted) await ended;
    clearInterval(asking);
    end();
    return true;
  }

  async function listen(changed: (news: News) => void): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      failures = (await listenOnce(changed)) ? 0 : failures + 1;
      await sleep(PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)], undefined, { signal }).catch(() => undefined);
    }
  }

  let running: Promise<void> = Promise.resolve();
  return {
    start(changed: (news: News) => void): void {
      running = listen((news) => signal.aborted || changed(news));
    },
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}
