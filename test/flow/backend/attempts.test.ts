import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange, Reply } from '../../../backend/src/brokers/client.ts';
import type { Account } from '../../../backend/src/config/account.ts';
import { begin } from '../../../backend/src/session/attempt.ts';
import { exchange } from '../../../backend/src/session/exchange.ts';
import { createReceiver } from '../../../backend/src/session/receive.ts';
import { deliveryIdOf } from '../../../backend/src/session/sign.ts';
import { takeUp } from '../../../backend/src/session/take-up.ts';
import { openEmbedded } from '../../../backend/src/store/embedded.ts';
import { openPostgres } from '../../../backend/src/store/postgres/open.ts';
import { type Ground, openStore } from '../../../backend/src/store/store.ts';
import type { Attempt } from '../../../backend/src/store/tables/deliveries.ts';
import type { SessionCaptured } from '../../../utils/shared/contract.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { NO_POWER_CUT } from '../../peers/postgres.ts';
import { type Shared, storeKinds } from '../../support/backend/stores.ts';
import { temporaryDir, until } from './harness.ts';

const KEY = Buffer.alloc(32, 7);
const ZERODHA: Account = {
  name: 'zerodha',
  apiKey: 'key',
  apiSecret: 'secret',
  user: null,
  userVariable: 'ZERODHA_USER_ID',
  redirectUrl: 'http://127.0.0.1/',
  redirectMode: 'seal',
  orderMarket: 'nse-fo',
  startToken: null,
};
const NOW = Date.parse('2026-11-20T05:00:00Z');
const CAPTURE = { kind: 'one-time', token: 't', capturedAt: NOW, issuedAt: null, expectedUser: null } as const;
const DELIVERY = { id: 'ob_d', account: 'zerodha', kind: 'one-time', token: 't', capturedAt: NOW } as const;
const OLD: Attempt = { id: DELIVERY.id, kind: DELIVERY.kind, at: NOW };
type Verified = Reply<{ user: string | null }>;
const VERIFIED = (): Verified => ({ ok: true, value: { user: 'AB1234' } });
const YES: Exchange = { ok: true, user: 'AB1234', accessToken: 'access' };

const SECRET = `whsec_${KEY.toString('base64')}`;
const TOKEN = 'a'.repeat(32);
const captured = (at: number): SessionCaptured => ({
  version: 1,
  type: 'session.captured',
  account: 'zerodha',
  broker: 'zerodha',
  token: { kind: 'one-time', value: TOKEN },
  captured_at: new Date(at).toISOString(),
  expires_at: new Date(at + MINUTE).toISOString(),
  expected_user: null,
});

let dir: ReturnType<typeof temporaryDir>;
let shared: Shared;
let open: { close(): Promise<void> }[];
type World = Awaited<ReturnType<typeof openWorld>>;

const never = () => expect.fail('nobody asks for that');
const NEVER = { quote: never, profile: never, funds: never, optionChain: never, dailyCandles: never };

/** One more process on the same store; `answers` are the broker's, in their order. */
async function openWorld(answers: (() => Promise<Exchange>)[] = []) {
  const url = shared.env.DATABASE_URL;
  const ground: Ground =
    url === undefined ? openEmbedded(dir.path) : await openPostgres({ url, key: KEY, failed: () => {} });
  const store = openStore(ground, KEY);
  const beat = () => store.processes.beat(Date.now());
  await beat();
  const beating = setInterval(() => void beat().catch(() => {}), SECOND);
  const zerodha = {
    exchange: () => answers.shift()?.() ?? expect.fail('the broker was asked once more'),
    open: () => ({ ...NEVER, verify: async () => said.verify() }),
  };
  const said: { verify(): Verified | Promise<Verified> } = { verify: VERIFIED };
  const clients = { zerodha, icici: null };
  const deps = { ...store, accounts: [ZERODHA], clients, log: () => {}, now: Date.now, applied: () => {} };
  const world = {
    ...store,
    deps,
    said,
    outcome: async () => (await store.deliveries.read(DELIVERY.id))?.outcome ?? null,
    begin: async () => (await begin(deps, DELIVERY, null)) ?? expect.fail('it was begun already'),
    /** The journal cannot be read or written from here on. */
    takeAway: () => ground.db.run('ALTER TABLE deliveries RENAME TO deliveries_away'),
    giveBack: () => ground.db.run('ALTER TABLE deliveries_away RENAME TO deliveries'),
    /** The others take it for dead from here on. */
    fallSilent() {
      clearInterval(beating);
      return store.processes.leave();
    },
    close() {
      clearInterval(beating);
      return store.close();
    },
  };
  open.push(world);
  return world;
}

const applied = ({ apply }: World, attempt: Attempt) => {
  const times = { capturedAt: NOW, exchangedAt: NOW, expiresAt: Date.now() + 10 * MINUTE };
  return apply({ account: 'zerodha', delivery: attempt.id, user: 'AB1234', accessToken: 'access', ...times }, attempt);
};

for (const { name, isMissing, open: openKind, share, close } of storeKinds(NO_POWER_CUT))
  describe.skipIf(isMissing)(`an exchange on ${name}`, () => {
    beforeAll(openKind);
    afterAll(close);
    beforeEach(async () => {
      dir = temporaryDir();
      open = [];
      shared = await share(dir.path);
    });
    afterEach(async () => {
      await Promise.all(open.map((world) => world.close()));
      dir.remove();
    });

    it.each<[string, (world: World) => Promise<unknown>]>([
      ['takes back', ({ deliveries }) => deliveries.withdraw(OLD)],
      ['interrupts', ({ deliveries }) => deliveries.interrupt(OLD)],
      ['refuses', ({ deliveries }) => deliveries.finish(OLD, 'wrong_account', 'late', NOW)],
      ['applies', (world) => applied(world, OLD)],
    ])('what an old attempt %s late leaves the next one of the same delivery as it is', async (_what, late) => {
      const world = await openWorld();
      expect(await world.deliveries.begin(DELIVERY, OLD.at)).toBe(true);
      await world.deliveries.withdraw(OLD);
      const next = { ...OLD, at: OLD.at + 1 };
      expect(await world.deliveries.begin(DELIVERY, next.at)).toBe(true);
      await late(world);
      expect([await world.outcome(), await world.sessions.generation('zerodha')]).toEqual(['running', 0]);
      expect(await applied(world, next)).toMatchObject({ generation: 1 });
      await late(world);
      expect([await world.outcome(), await world.sessions.generation('zerodha')]).toEqual(['applied', 1]);
    });

    it('is another one in the same millisecond, so that what the first one takes back late leaves the second', async () => {
      const world = await openWorld();
      const atOnce = { ...world.deps, now: () => NOW };
      const first = (await begin(atOnce, DELIVERY, null)) ?? expect.fail();
      await world.deliveries.withdraw(first);
      const second = (await begin(atOnce, DELIVERY, null)) ?? expect.fail();
      await world.deliveries.withdraw(first);
      expect(await world.outcome()).toBe('running');
      expect(await applied(world, second)).toMatchObject({ generation: 1 });
    });

    it('is tried again when the store failed before the broker was asked', async () => {
      const world = await openWorld([async () => YES]);
      const attempt = await world.begin();
      await world.takeAway();
      await expect(exchange(world.deps, ZERODHA, attempt, CAPTURE)).rejects.toThrow();
      await world.giveBack();
      await until(world.outcome, (outcome) => outcome === null);
      expect(await exchange(world.deps, ZERODHA, await world.begin(), CAPTURE)).toMatchObject({ ok: true });
    });

    it.each(['unavailable', 'rate_limited'] as const)(
      'is tried again when the store failed while the broker said %s, and the answer says so',
      async (reason) => {
        const refused = async (): Promise<Exchange> => {
          await world.takeAway();
          return { ok: false, reason, words: 'later' };
        };
        const world = await openWorld([refused, async () => YES]);
        expect(await exchange(world.deps, ZERODHA, await world.begin(), CAPTURE)).toMatchObject({ ok: false, reason });
        await world.giveBack();
        await until(world.outcome, (outcome) => outcome === null);
        expect(await exchange(world.deps, ZERODHA, await world.begin(), CAPTURE)).toMatchObject({ ok: true });
      },
    );

    it('is not undone by an access token of the environment that came while it ran', async () => {
      let finish = () => {};
      const answered = new Promise<Exchange>((resolve) => {
        finish = () => resolve(YES);
      });
      const world = await openWorld([() => answered]);
      const login = exchange(world.deps, ZERODHA, await world.begin(), CAPTURE);
      const taken = takeUp(world.deps, KEY, ZERODHA, 'EnvironmentToken')();
      await until(
        () => world.deliveries.find('zerodha', '', 'EnvironmentToken'),
        (row) => row !== null,
      );
      finish();
      expect(await login).toMatchObject({ ok: true });
      expect(await taken).toBe('refused');
      // The next start finds it in the environment once more.
      expect(await takeUp(world.deps, KEY, ZERODHA, 'EnvironmentToken')()).toBe('known');
      expect(await world.sessions.live('zerodha', Date.now())).toMatchObject({ generation: 1, accessToken: 'access' });
    });

    it('is not undone by an access token of the environment that is tried again after it', async () => {
      const world = await openWorld([async () => YES]);
      world.said.verify = () => ({ ok: false, status: 0, body: null, words: 'no answer' });
      const tried = takeUp(world.deps, KEY, ZERODHA, 'EnvironmentToken');
      expect(await tried()).toBe('unavailable');
      expect(await exchange(world.deps, ZERODHA, await world.begin(), CAPTURE)).toMatchObject({ ok: true });
      world.said.verify = VERIFIED;
      expect(await tried()).toBe('refused');
      expect(await world.sessions.live('zerodha', Date.now())).toMatchObject({ generation: 1, accessToken: 'access' });
    });

    it('of a token of the environment is made by the next process where the first one died during it', async () => {
      const [dead, world] = [await openWorld(), await openWorld()];
      const token = 'EnvironmentToken';
      expect(await dead.deliveries.begin({ ...DELIVERY, id: 'env_d', kind: 'day', token }, NOW)).toBe(true);
      const tried = takeUp(world.deps, KEY, ZERODHA, token);
      expect(await tried()).toBe('unavailable');
      await dead.fallSilent();
      await world.deliveries.takeOver(Date.now());
      expect(await tried()).toBe('applied');
    });

    it('of one token of the environment by two processes at once is left to one, and the other asks again', async () => {
      const worlds = [await openWorld(), await openWorld()];
      let answer = () => {};
      const asked = new Promise<void>((resolve) => {
        answer = resolve;
      });
      for (const { said } of worlds) said.verify = () => asked.then(VERIFIED);
      const tries = worlds.map((world) => takeUp(world.deps, KEY, ZERODHA, 'EnvironmentToken'));
      const told = tries.map((tried) => tried());
      expect(await Promise.race(told)).toBe('unavailable');
      answer();
      expect((await Promise.all(told)).sort()).toEqual(['applied', 'unavailable']);
      expect(await Promise.all(tries.map((tried) => tried()))).toEqual(['known', 'known']);
    });

    it('that was passed over for a newer login is refused as before, and made when its token comes by a later one', async () => {
      const world = await openWorld([async () => YES]);
      const { deps, deliveries } = world;
      const id = deliveryIdOf(SECRET, 'zerodha', 'zerodha', TOKEN);
      const attempt = await begin(deps, { ...DELIVERY, id, token: TOKEN }, null);
      await deliveries.finish(attempt ?? expect.fail(), 'superseded', 'a newer login is in use', NOW);
      const keeper = { read: async () => null };
      const receive = createReceiver({ ...deps, keeper, refresh: async () => {}, waits: { hold: async () => false } });
      const sent = (at: number) => receive({ id, account: ZERODHA, secret: SECRET, body: captured(at) });
      expect(await sent(NOW)).toMatchObject({ ok: false, reason: 'superseded' });
      expect(await sent(NOW + SECOND)).toMatchObject({ ok: true, status: 'applied' });
    });

    it('BCK-05 is spent when the broker’s answer was lost', async () => {
      const world = await openWorld([() => Promise.reject(new Error('cut off'))]);
      const attempt = await world.begin();
      await expect(exchange(world.deps, ZERODHA, attempt, CAPTURE)).rejects.toThrow('cut off');
      await until(world.outcome, (outcome) => outcome === 'token_spent');
    });

    it('is forgotten by a process that was taken for dead and knows that the broker kept nothing', async () => {
      const [slow, other] = [await openWorld(), await openWorld()];
      const attempt = await slow.begin();
      await slow.fallSilent();
      expect(await other.deliveries.takeOver(Date.now())).toMatchObject([{ id: DELIVERY.id }]);
      expect(await other.outcome()).toBe('token_spent');
      await slow.deliveries.withdraw(attempt);
      expect(await other.outcome()).toBeNull();
    });
  });
