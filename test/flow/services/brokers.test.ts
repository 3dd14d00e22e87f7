import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { readAll } from '../../../utils/services/store/store.ts';
import type { Growth } from '../../../utils/shared/contract.ts';
import { type Behaviour, openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, pair, redirect, shownAccount } from '../../support/browsers/extension.ts';

const HOME = 'http://127.0.0.1:8000/';
const CODE = 'CodeOfABroker0123';
const CONSENT = 'c0nsent-0f-dhan';

let backend: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
});
afterEach(async () => {
  await cleanUp();
  await backend.close();
});

/** A receiver whose signed report says what it understands. */
function understand(...understands: Growth[]): void {
  backend.answerChecks((_, usual) => {
    const sent = usual();
    return { ...sent, body: JSON.stringify({ ...JSON.parse(sent.body), understands }) };
  });
}

/** Presses Log in and gives the tab with its address. */
async function begin(account: string): Promise<{ tab: number; url: URL }> {
  await command({ type: 'log-in', account });
  const tab = (await chrome.tabs.query({})).at(-1);
  return { tab: tab?.id ?? -1, url: new URL(tab?.url ?? '') };
}

async function delivered() {
  await expect.poll(() => backend.tokens().length).toBe(1);
  const [only] = backend.tokens();
  return { id: only?.id, token: (JSON.parse(only?.body ?? '') as { token: object }).token };
}

describe('a second value of the redirect', () => {
  const at = { broker: 'aliceblue', account: 'alice', redirect_url: HOME } as const;

  it('goes with the token to a receiver that understands it', async () => {
    understand('token.with');
    const account = await pair(backend, at);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    const { tab } = await begin(account);
    await redirect(tab, `${HOME}?authCode=${CODE}&userId=AB1234`, 'aliceblue');
    expect((await delivered()).token).toEqual({ kind: 'one-time', value: CODE, with: { userId: 'AB1234' } });
  });

  it('stays here where the receiver does not name it as understood, and the bytes are those of the first release', async () => {
    const account = await pair(backend, at);
    await shownAccount(account, ({ reportedAt }) => reportedAt !== null);
    const { tab } = await begin(account);
    await redirect(tab, `${HOME}?authCode=${CODE}&userId=AB1234`, 'aliceblue');
    expect((await delivered()).token).toEqual({ kind: 'one-time', value: CODE });
  });

  it.each(['userId=AB1234&userId=CD5678', 'userId=A%20B'])('that is %s makes it no login', async (beside) => {
    const account = await pair(backend, at);
    const { tab } = await begin(account);
    await redirect(tab, `${HOME}?authCode=${CODE}&${beside}`, 'aliceblue');
    expect((await readAll()).deliveries).toEqual([]);
  });
});

describe('a login that begins with a consent', () => {
  const at = { broker: 'dhan', account: 'dhan', redirect_url: HOME } as const;
  const consenting: Behaviour = ({ id }) => ({
    status: 200,
    body: JSON.stringify({ type: 'session.consented', id, consent: CONSENT, server_time: new Date().toISOString() }),
  });

  it('opens with the one that the backend made', async () => {
    understand('session.consent');
    const account = await pair(backend, at);
    backend.answerTokens(consenting);
    const { url } = await begin(account);
    expect(url.searchParams.get('consentAppId')).toBe(CONSENT);
    const [asked] = backend.tokens();
    expect(asked?.isSigned).toBe(true);
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      version: 1,
      type: 'session.consent',
      account: 'dhan',
      broker: 'dhan',
    });
  });

  it('is not begun where the backend cannot make one, and the person hears why', async () => {
    const account = await pair(backend, at);
    const before = (await chrome.tabs.query({})).length;
    const reply = await obey({ type: 'log-in', account });
    expect(reply).toMatchObject({ ok: false, problems: [{ field: 'destination' }] });
    expect((await chrome.tabs.query({})).length).toBe(before);
    expect(backend.tokens()).toEqual([]);
  });

  it('is not begun where the backend refuses, and the person hears its words', async () => {
    understand('session.consent');
    const account = await pair(backend, at);
    backend.answerTokens(backend.refuse('configuration'));
    const reply = await obey({ type: 'log-in', account });
    expect(reply).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('In its own words.') }] });
  });
});

describe('two brokers that call their tokens alike, at one redirect URL', () => {
  it.each(['upstox', 'flattrade'] as const)('a login of %s is its own', async (broker) => {
    const ids = {
      upstox: await pair(backend, { broker: 'upstox', account: 'upstox', redirect_url: HOME }),
      flattrade: await pair(backend, { broker: 'flattrade', account: 'flattrade', redirect_url: HOME }),
    };
    const { tab, url } = await begin(ids[broker]);
    const state = url.searchParams.get('state');
    await redirect(tab, `${HOME}?code=${CODE}${state === null ? '' : `&state=${state}`}`, broker);
    await expect.poll(() => backend.tokens().length).toBe(1);
    expect(JSON.parse(backend.tokens()[0]?.body ?? '')).toMatchObject({ account: broker, broker });
  });
});

describe('the shape of a real redirect, for whoever confirms a broker', () => {
  it.each([
    ['upstox', `code=${CODE}&state=None`, `GET header api.upstox.com code:${CODE.length} state:4`],
    ['paytm', `requestToken=${CODE}&mine=Asha`, `GET header login.paytmmoney.com requestToken:${CODE.length} ?:4`],
  ] as const)('of %s stands in the diagnostics without a value', async (broker, query, shape) => {
    const account = await pair(backend, { broker, account: broker, redirect_url: HOME });
    const { tab } = await begin(account);
    await redirect(tab, `${HOME}?${query}`, broker);
    const { text = '' } = await command({ type: 'diagnose' });
    expect(text).toContain(`shape=${shape}`);
    for (const secret of [CODE, 'Asha', 'mine']) expect(text).not.toContain(secret);
  });
});
