import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../backend/src/backend.ts';
import { readConfig } from '../../../../backend/src/config/config.ts';
import { openGround } from '../../../../backend/src/ground.ts';
import type { LogEvent } from '../../../../backend/src/log/log.ts';
import { createReminders } from '../../../../backend/src/reminders/reminders.ts';
import { openStore, type Store } from '../../../../backend/src/store/store.ts';
import type { FeedState } from '../../../../utils/shared/contract.ts';
import { DAY, MINUTE } from '../../../../utils/shared/time.ts';
import { startReceiver } from '../../../support/backend/receivers.ts';
import { type Shared, storeKinds } from '../../../support/backend/stores.ts';
import { ist } from '../../../support/samples/samples.ts';
import { KEYS, temporaryDir, until } from '../harness.ts';

const { ZERODHA_API_KEY, ZERODHA_API_SECRET } = KEYS;
const KEY = Buffer.alloc(32, 7);
const TOKEN = 'AccessTokenOfKiteWith32Characters';

let http: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  http = await startReceiver();
});
afterAll(() => http.close());

describe.each(storeKinds())('reminders on $name', (kind) => {
  beforeAll(() => kind.open());
  afterAll(() => kind.close());

  let dir: ReturnType<typeof temporaryDir>;
  let shared: Shared;
  let now: number;
  let feed: FeedState | undefined;
  const open: Process[] = [];
  const events: LogEvent[] = [];

  interface Process {
    store: Store;
    look(): Promise<void>;
    close(): Promise<void>;
  }

  /** A process of a backend, as far as reminders go. */
  async function start(env: Record<string, string> = {}): Promise<Process> {
    const config = readConfig({
      ZERODHA_API_KEY,
      ZERODHA_API_SECRET,
      DATA_DIR: dir.path,
      REMIND_NTFY_URL: `${http.url}/bell`,
      PUBLIC_URL: 'https://bell.example.net/home/session',
      ...shared.env,
      ...env,
    });
    if (!config.ok) throw new Error(config.problems[0]?.field);
    const store = openStore(await openGround(config.value, KEY, () => {}), KEY);
    const keeper = { read: async () => (feed === undefined ? null : { state: feed, heldBy: null }) };
    const log = (event: LogEvent) => void events.push(event);
    const reminders = createReminders({ config: config.value, store, keeper, log, now: () => now }, { waitsMs: [0, 0, 0] });
    const one: Process = {
      store,
      async look() {
        await reminders.tick();
        await reminders.settled();
      },
      async close() {
        open.splice(open.indexOf(one), 1);
        await reminders.stop();
        await store.close();
      },
    };
    open.push(one);
    return one;
  }

  /** A login at a moment, confirmed by the broker at once. */
  async function logIn({ store }: Process, at: string): Promise<void> {
    const exchangedAt = ist(at);
    const session = { account: 'zerodha', user: 'AB1234', accessToken: TOKEN, exchangedAt, capturedAt: exchangedAt } as const;
    const expiresAt = ist(`${new Date(exchangedAt + DAY).toISOString().slice(0, 10)} 06:00`);
    const made = await store.sessions.putInForTest?.({ ...session, expiresAt, delivery: `d${exchangedAt}` });
    await store.sessions.recordFinding({ account: 'zerodha', generation: made.generation }, { state: 'verified', at: exchangedAt });
  }

  const said = () => http.heard.map(({ headers }) => headers.title);
});
