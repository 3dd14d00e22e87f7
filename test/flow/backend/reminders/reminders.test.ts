import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../backend/src/backend.ts';
import { readConfig } from '../../../../backend/src/config/config.ts';
import { openGround } from '../../../../backend/src/ground.ts';
import type { LogEvent } from '../../../../backend/src/log/log.ts';
import { createReminders } from '../../../../backend/src/reminders/reminders.ts';
import { openStore, type Store } from '../../../../backend/src/store/store.ts';
import type { NewSession, Session } from '../../../../backend/src/store/tables/sessions.ts';
import { brokers } from '../../../../utils/shared/brokers/index.ts';
import type { FeedState } from '../../../../utils/shared/contract.ts';
import { sessionExpiry } from '../../../../utils/shared/expiry.ts';
import { DAY, MINUTE } from '../../../../utils/shared/time.ts';
import { NO_POWER_CUT } from '../../../peers/postgres.ts';
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

for (const kind of storeKinds(NO_POWER_CUT))
  describe.skipIf(kind.isMissing)(`reminders on ${kind.name}`, () => {
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
      put(session: NewSession): Promise<Session>;
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
      const ground = await openGround(config.value, KEY, () => {});
      const store = openStore(ground, KEY);
      const keeper = { read: async () => (feed === undefined ? null : { state: feed, heldBy: null }) };
      const log = (event: LogEvent) => void events.push(event);
      const reminders = createReminders(
        { config: config.value, store, keeper, log, now: () => now },
        { waitsMs: [0, 0, 0] },
      );
      const one: Process = {
        store,
        put: (session) => ground.db.transaction('zerodha', (tx) => store.sessions.putIn(tx, session)),
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

    /** A login at this moment, confirmed by the broker at once. */
    async function logIn({ store, put }: Process): Promise<void> {
      const expiresAt = sessionExpiry(brokers.zerodha.session, now);
      const times = { exchangedAt: now, capturedAt: now, expiresAt };
      const who = { account: 'zerodha', user: 'AB1234', accessToken: TOKEN, delivery: `login at ${now}` } as const;
      const made = await put({ ...who, ...times });
      await store.sessions.recordFinding(made, { state: 'verified', at: now });
    }

    async function reject({ store }: Process): Promise<void> {
      const generation = await store.sessions.generation('zerodha');
      await store.sessions.recordFinding({ account: 'zerodha', generation }, { state: 'rejected', problem: 'over' });
    }

    const said = () => http.heard.map(({ headers }) => String(headers.title).replace('Zerodha: ', ''));

    beforeEach(async () => {
      dir = temporaryDir();
      shared = await kind.share(dir.path);
      now = ist('2026-11-20 08:44');
      feed = undefined;
      http.heard.length = 0;
      http.answer = { status: 200 };
      events.length = 0;
    });
    afterEach(async () => {
      for (const one of [...open]) await one.close();
      dir.remove();
    });

    it('say once that a login is due and once that all is well, with the login and without a token', async () => {
      const one = await start();
      await one.look();
      expect(said()).toEqual([]);
      now += MINUTE;
      for (let times = 0; times < 3; times++) await one.look();
      expect(said()).toEqual(['log in']);
      expect(http.heard[0]?.headers.click).toBe('https://bell.example.net/home/admin/login?login=zerodha');
      now = ist('2026-11-20 09:00');
      await logIn(one);
      for (let times = 0; times < 3; times++) await one.look();
      expect(said()).toEqual(['log in', 'all well again']);
      expect(JSON.stringify([http.heard, events])).not.toContain(TOKEN);
    });

    it('say nothing twice after a restart, nor by the second of two processes', async () => {
      const first = await start();
      const second = await start();
      now += MINUTE;
      await Promise.all([first.look(), second.look()]);
      expect(said()).toEqual(['log in']);
      await first.close();
      await second.close();
      const third = await start();
      await third.look();
      expect(said()).toEqual(['log in']);
      now += DAY * 3;
      await third.look();
      expect(said()).toEqual(['log in', 'log in']);
    });

    it.each([
      ['a Saturday', '2026-11-21 10:00', {}],
      ['a holiday', '2026-11-24 10:00', {}],
      ['a holiday of their own', '2026-11-25 10:00', { REMIND_HOLIDAYS: '2026-11-25' }],
      ['their quiet hours', '2026-11-25 10:00', { REMIND_QUIET: '09:30-11:00' }],
      ['the time before their morning', '2026-11-25 10:00', { REMIND_AT: '10:15' }],
      ['the evening', '2026-11-25 15:40', {}],
    ])('say nothing on %s', async (_what, when, env) => {
      now = ist(when);
      await (await start(env)).look();
      expect(said()).toEqual([]);
    });

    it('tell of a rejection, also after days of holidays only once', async () => {
      const one = await start();
      await logIn(one);
      now = ist('2026-11-20 11:00');
      await reject(one);
      await one.look();
      now = ist('2026-11-20 12:00');
      await one.store.purge(now);
      await one.look();
      expect(said()).toEqual(['session rejected']);
      now = ist('2026-11-26 08:00');
      await one.store.purge(now);
      await one.look();
      expect(said()).toEqual(['session rejected']);
    });

    it('tell that the feed is gone once it was gone for two minutes of trading, and that it is back', async () => {
      const one = await start();
      await logIn(one);
      const state = (name: FeedState['state']): FeedState => ({
        state: name,
        first_tick_at: null,
        last_tick_at: null,
        source: 'kite',
      });
      now = ist('2026-11-20 10:00');
      feed = state('live');
      await one.look();
      feed = state('connecting');
      await one.look();
      now += MINUTE;
      await one.look();
      expect(said()).toEqual([]);
      now += MINUTE;
      await one.look();
      await one.look();
      expect(said()).toEqual(['no prices']);
      feed = state('live');
      await one.look();
      await one.look();
      expect(said()).toEqual(['no prices', 'all well again']);
      now = ist('2026-11-20 18:00');
      feed = state('subscribed');
      await one.look();
      now += 5 * MINUTE;
      await one.look();
      expect(said()).toEqual(['no prices', 'all well again']);
    });

    it('leave to an open browser what it says itself, and say the rest once it is closed', async () => {
      const one = await start();
      now += MINUTE;
      await one.store.marks.see('zerodha', now - 6 * MINUTE);
      await one.look();
      expect(said()).toEqual([]);
      expect(events).toContainEqual({ event: 'reminder.due', account: 'zerodha', kind: 'morning', place: 'screen' });
      now = ist('2026-11-20 09:00');
      await logIn(one);
      await one.look();
      now = ist('2026-11-20 11:00');
      await reject(one);
      await one.look();
      expect(said()).toEqual(['session rejected']);
    });

    it('say all of it where the person wants it so', async () => {
      const one = await start({ REMIND_WHEN: 'always' });
      now += MINUTE;
      await one.store.marks.see('zerodha', now);
      await one.look();
      expect(said()).toEqual(['log in']);
    });

    it('are given up after four attempts, and then said no more', async () => {
      const one = await start();
      now += MINUTE;
      http.answer = { status: 503 };
      for (let times = 0; times < 3; times++) await one.look();
      expect(http.heard).toHaveLength(4);
      const why = { channel: 'ntfy', why: 'answered 503' };
      expect(events).toContainEqual({ event: 'reminder.not_sent', account: 'zerodha', kind: 'morning', ...why });
    });
  });

describe('a whole backend', () => {
  it('looks at its clock at the start, and says what is due', async () => {
    const dir = temporaryDir();
    http.heard.length = 0;
    http.answer = { status: 200 };
    const backend = await startBackend(
      { ZERODHA_API_KEY, ZERODHA_API_SECRET, DATA_DIR: dir.path, PORT: '0', REMIND_NTFY_URL: `${http.url}/bell` },
      { log: () => {}, now: () => ist('2026-11-20 08:50') },
    );
    await until(
      () => http.heard,
      ({ length }) => length === 1,
    );
    await backend.close();
    dir.remove();
    expect(http.heard[0]?.headers.click).toBe(
      brokers.zerodha.loginUrl({ apiKey: ZERODHA_API_KEY, redirectUrl: 'http://127.0.0.1/', state: null }),
    );
  });
});
