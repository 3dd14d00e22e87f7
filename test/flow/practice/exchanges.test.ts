import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../backend/src/brokers/client.ts';
import { backends } from '../../../backend/src/brokers/list.ts';
import { brokers as known } from '../../../utils/shared/brokers/index.ts';
import { type App, type PracticeBrokers, type SimpleId, startPracticeBrokers } from '../../brokers/index.ts';
import { simples } from '../../brokers/simple/list.ts';
import type { Description } from '../../brokers/simple/simple.ts';

const IDS = Object.keys(simples) as SimpleId[];
type Reason = Extract<Exchange, { ok: false }>['reason'];

/** What each practice fault of an exchange has to come to, by its name. */
const REASONS: Readonly<Record<string, Reason>> = {
  spent: 'token_spent',
  'no-login': 'token_spent',
  secret: 'configuration',
  key: 'configuration',
  expired: 'configuration',
  inactive: 'configuration',
  ip: 'configuration',
  limited: 'rate_limited',
  failing: 'unavailable',
  html: 'unavailable',
};

const described = (id: SimpleId): Description => simples[id];
const exchangeRows = IDS.flatMap((id) => Object.keys(described(id).exchangeFaults).map((fault) => ({ id, fault })));
const profileRows = IDS.flatMap((id) => Object.keys(described(id).profileFaults).map((fault) => ({ id, fault })));

let brokers: PracticeBrokers;
let leave: () => void;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  leave = await brokers.reachFromHere();
});
afterAll(async () => {
  leave();
  await brokers.close();
});
afterEach(() => brokers.faults.clear());

function account(id: SimpleId, change: Partial<App> = {}) {
  const rest = {
    name: id,
    user: null,
    userVariable: '',
    redirectMode: 'seal',
    orderMarket: 'nse-fo',
    startToken: null,
  } as const;
  return { ...described(id).app, ...rest, ...change };
}

/** Exchanges a new code, with what this broker's redirect carries beside it. */
async function exchangeNew(id: SimpleId, change: Partial<App> = {}) {
  const { app } = described(id);
  const client = backends[id].client(account(id, change));
  const code = brokers.simple[id].issue(app.apiKey);
  const companions = Object.fromEntries(known[id].companions.map(({ name }) => [name, app.userId]));
  return { client, code, companions, exchanged: await client.exchange(code, companions) };
}

describe('an exchange', () => {
  it.each(IDS)('of %s tells whose session it is, and a session that lives', async (id) => {
    const { client, exchanged } = await exchangeNew(id);
    if (!exchanged.ok) throw new Error(exchanged.words);
    const { userId } = described(id).app;
    expect(exchanged.user).toBe(userId);
    const verified = await client.open(exchanged.accessToken, null, exchanged.user).verify();
    expect(verified).toEqual({ ok: true, value: { user: userId } });
    const session = brokers.simple[id].session(exchanged.accessToken);
    if (exchanged.expiresAt !== undefined)
      expect(Math.abs(exchanged.expiresAt - (session?.expiresAt ?? 0))).toBeLessThan(1_000);
  });

  it.each(IDS)('of %s takes a code once', async (id) => {
    const { client, code, companions } = await exchangeNew(id);
    expect(await client.exchange(code, companions)).toMatchObject({ ok: false, reason: 'token_spent' });
  });

  it.each(IDS)('of %s refuses a wrong secret, and repeats none', async (id) => {
    const { exchanged, code } = await exchangeNew(id, { apiSecret: 'another-secret' });
    if (exchanged.ok) throw new Error('it took a wrong secret');
    expect(exchanged.words).toMatch(new RegExp(`^${known[id].name}: .`));
    for (const secret of [code, described(id).app.apiSecret, 'another-secret'])
      expect(exchanged.words).not.toContain(secret);
    expect(['configuration', 'token_spent']).toContain(exchanged.reason);
  });

  it.each(exchangeRows)('of $id, $fault: its own class, in words', async ({ id, fault }) => {
    brokers.faults.add(`${id}.exchange.${fault}`);
    const { exchanged } = await exchangeNew(id);
    expect(exchanged).toMatchObject({ ok: false, reason: REASONS[fault] });
    if (!exchanged.ok) expect(exchanged.words).toMatch(new RegExp(`^${known[id].name}: .`));
  });

  it.each(exchangeRows.filter(({ id }) => described(id).isSpentByFailure))(
    'of $id, $fault: the code is used up, so it is never sent again',
    async ({ id, fault }) => {
      brokers.faults.add(`${id}.exchange.${fault}`);
      expect((await exchangeNew(id)).exchanged).toMatchObject({ isUsedUp: true });
    },
  );

  it.each(IDS)('of %s whose answer gets lost is no success', async (id) => {
    brokers.faults.add(`${id}.exchange.lost`);
    expect((await exchangeNew(id)).exchanged).toMatchObject({ ok: false, reason: 'unavailable' });
  });

  it.each(IDS)('of %s shows the session of another user', async (id) => {
    // The checksum of IIFL Capital names its user, and its answer none.
    if (id === 'iifl') return;
    brokers.faults.add(`${id}.exchange.other-user`);
    expect((await exchangeNew(id)).exchanged).toMatchObject({ ok: true, user: 'ZZ9999' });
  });
});

describe('a session', () => {
  it.each(profileRows)('of $id, $fault: ended only where the broker says so', async ({ id, fault }) => {
    const { client, exchanged } = await exchangeNew(id);
    if (!exchanged.ok) throw new Error(exchanged.words);
    brokers.faults.add(`${id}.profile.${fault}`);
    const reply = await client.open(exchanged.accessToken, null, exchanged.user).verify();
    if (reply.ok) throw new Error('it took an error for a success');
    expect(known[id].signs.classify(reply.status, reply.body) === 'auth-required').toBe(fault === 'refused');
  });

  it.each(IDS)('of %s has ended after a logout at the broker', async (id) => {
    const { client, exchanged } = await exchangeNew(id);
    if (!exchanged.ok) throw new Error(exchanged.words);
    brokers.simple[id].endSession();
    const reply = await client.open(exchanged.accessToken, null, exchanged.user).verify();
    if (reply.ok) throw new Error('it lives');
    expect(known[id].signs.classify(reply.status, reply.body)).toBe('auth-required');
  });

  it.each(IDS)('of %s that is another user’s is found out', async (id) => {
    const { client, exchanged } = await exchangeNew(id);
    if (!exchanged.ok) throw new Error(exchanged.words);
    brokers.faults.add(`${id}.profile.other-user`);
    const reply = await client.open(exchanged.accessToken, null, exchanged.user).verify();
    const isRefused = !reply.ok && known[id].signs.classify(reply.status, reply.body) === 'auth-required';
    expect(isRefused || (reply.ok && reply.value.user === 'ZZ9999')).toBe(true);
  });
});
