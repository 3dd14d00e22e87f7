import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filledFor, PRESETS } from '../../../utils/domain/accounts/known-systems.ts';
import type { DestinationForm } from '../../../utils/domain/accounts/settings.ts';
import { takeAnswer } from '../../../utils/services/capture/answers.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { readOverview } from '../../../utils/services/store/overview.ts';
import { checkAll } from '../../../utils/services/verbs/check-soon.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { API_KEY, BALANCE, type OpenAlgo, startOpenAlgo } from '../../support/backend/openalgo.ts';
import {
  cleanUp,
  command,
  everythingStored,
  expectGone,
  isLink,
  knownOf,
  logInWith,
  pair,
  shownAccount,
} from '../../support/browsers/extension.ts';
import { KITE_TOKEN } from '../../support/samples/samples.ts';

const MINUTE = 60_000;
const SECRET = `whsec_${'c2VjcmV0'.repeat(5)}`;

let openalgo: OpenAlgo;
beforeEach(async () => {
  openalgo = await startOpenAlgo();
});
afterEach(async () => {
  await cleanUp();
  await openalgo.close();
});

const callbackOf = (broker: BrokerId) => `${openalgo.url}/${broker}/callback`;

function form(): DestinationForm {
  const preset = PRESETS.find(({ id }) => id === 'openalgo');
  if (!preset) throw new Error('no such preset');
  return { kind: 'plain', ...filledFor(preset, openalgo.url), secret: '' };
}

/** An account whose callback is OpenAlgo's own, which is also its destination. */
async function setUp(broker: BrokerId = 'zerodha'): Promise<string> {
  const account = await pair(
    { url: openalgo.url, secret: SECRET },
    { broker, mode: 'observe', redirect_url: callbackOf(broker) },
  );
  await command({ type: 'save-destination', account, form: form() });
  openalgo.asked.length = 0;
  return account;
}

/** The broker's redirect, and OpenAlgo's answer as the browser shows it. */
async function logInAtBroker(account: string): Promise<void> {
  await logInWith(account, KITE_TOKEN);
  await arrive();
}

/** The redirect arrives at OpenAlgo, and its answer at the browser. */
async function arrive(): Promise<void> {
  const url = `${callbackOf('zerodha')}?request_token=${KITE_TOKEN}`;
  await takeAnswer({ tab: 1, origin: null, missed: false, answered: true, url, method: 'GET', ...(await visit(url)) });
}

/** What a browser would be told at an address, without following it. */
async function visit(url: string): Promise<{ status?: number; leadsTo?: string }> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
  get(url, resolve);
  const { statusCode: status, headers } = await promise;
  return { status, leadsTo: headers.location };
}

const fundsAsked = () => openalgo.asked.filter((one) => one === 'POST /api/v1/funds').length;
const lastTab = async () => (await chrome.tabs.query({})).at(-1)?.url ?? '';

describe('a login that OpenAlgo takes by its own callback', () => {
  it('is verified by the funds; nothing is sent, and neither key nor balance is anywhere', async () => {
    const account = await setUp();
    await shownAccount(account, ({ status }) => status === 'never');
    await logInAtBroker(account);
    const view = await shownAccount(account, ({ status }) => status === 'verified');
    expect(openalgo.exchanged).toEqual([KITE_TOKEN]);
    expect([...new Set(openalgo.asked)].sort()).toEqual([
      'GET /auth/session-status',
      'GET /zerodha/callback',
      'POST /api/v1/funds',
    ]);
    await expectGone(KITE_TOKEN);
    const { text: diagnostics } = await command({ type: 'diagnose' });
    const shown = JSON.stringify([view, await readOverview(), diagnostics, await everythingStored()]);
    // So that the search is known to find what is there.
    expect(shown).toContain(openalgo.url);
    for (const secret of [API_KEY, BALANCE, BALANCE.split('.')[0] ?? '']) expect(shown).not.toContain(secret);
  });

  it('is refused for want of OpenAlgo’s own password, and the login is lost', async () => {
    const account = await setUp();
    openalgo.app.hasPassword = false;
    await logInAtBrokerUnasked(account);
    const view = await shownAccount(account, ({ status }) => status === 'failed');
    expect(view.advice?.says).toContain('its own password');
    expect(isLink(view, 'delivered', 'failed')).toBe(true);
    expect(openalgo.exchanged).toEqual([]);
    await expectGone(KITE_TOKEN);
  });

  it('has failed where OpenAlgo’s exchange did', async () => {
    const account = await setUp();
    openalgo.exchanges = false;
    await logInAtBroker(account);
    const view = await shownAccount(account, ({ status }) => status === 'failed');
    expect(view.advice).toMatchObject({ mend: 'log-in', says: expect.stringContaining('no session came of it') });
  });

  it('was ignored where its cookie still counted as connected: the funds say so', async () => {
    const account = await setUp();
    openalgo.app.isConnected = true;
    await logInAtBrokerUnasked(account);
    const view = await shownAccount(account, ({ status }) => status === 'failed');
    expect(view.advice?.says).toContain('It ignores a login');
    expect(openalgo.exchanged).toEqual([]);
  });
});

/** A login that the person began elsewhere, which no press of Log in could hold back. */
async function logInAtBrokerUnasked(account: string): Promise<void> {
  const { app } = openalgo;
  const before = { ...app };
  Object.assign(app, { hasPassword: true, isConnected: false });
  await logInWith(account, KITE_TOKEN);
  Object.assign(app, before);
  await arrive();
}

describe('how its session stands', () => {
  it.each<[status: string, change: (one: OpenAlgo) => void]>([
    ['verified', (one) => Object.assign(one, { broker: 'alive' })],
    ['failed', (one) => Object.assign(one, { broker: 'dead' })],
    ['failed', (one) => Object.assign(one, { broker: 'zeros' })],
    ['failed', (one) => Object.assign(one, { broker: 'sandbox' })],
    ['unreachable', (one) => Object.assign(one, { broker: 'failing' })],
    ['expired', (one) => Object.assign(one, { broker: 'revoked' })],
    ['expired', (one) => Object.assign(one, { hasExpired: true })],
    ['expired', (one) => Object.assign(one.app, { isConnected: false })],
    ['failed', (one) => Object.assign(one.app, { hasPassword: false })],
    ['failed', (one) => Object.assign(one, { hasKey: false })],
  ])('is shown as %s by %s', async (status, change) => {
    const account = await setUp();
    await logInAtBroker(account);
    await shownAccount(account, (view) => view.status === 'verified');
    change(openalgo);
    await command({ type: 'retry', account });
    await shownAccount(account, (view) => view.status === status);
  });

  it.each([
    ['alive', 'verified'],
    ['dead', 'failed'],
    ['failing', 'unreachable'],
  ] as const)('is asked of a broker that is %s every five minutes at most', async (broker, shown) => {
    const account = await setUp();
    await logInAtBroker(account);
    await shownAccount(account, ({ status }) => status === 'verified');
    openalgo.broker = broker;
    const before = fundsAsked();
    const asked = Date.now();
    await command({ type: 'retry', account });
    await shownAccount(account, ({ status }) => status === shown);
    await expect.poll(fundsAsked).toBe(before + 1);
    // The popup opens, which asks everyone else at once.
    await checkAll(Date.now() + MINUTE);
    await checkAll();
    expect(fundsAsked()).toBe(before + 1);
    const next = (await knownOf(account))?.nextCheckAt ?? 0;
    expect(next).toBeGreaterThanOrEqual(asked + 5 * MINUTE);
  });
});

describe('the order of its morning', () => {
  it('is its own password first: Log in opens its page, and no broker’s', async () => {
    const account = await setUp();
    openalgo.app.hasPassword = false;
    expect(await obey({ type: 'log-in', account })).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('its own password') }],
    });
    expect(await lastTab()).toBe(`${openalgo.url}/auth/login`);
  });

  it('begins no login that it would ignore', async () => {
    const account = await setUp();
    openalgo.app.isConnected = true;
    expect(await obey({ type: 'log-in', account })).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('would ignore this login') }],
    });
    expect(await lastTab()).toBe(`${openalgo.url}/dashboard`);
  });

  it('then the broker’s login', async () => {
    const account = await setUp();
    await command({ type: 'log-in', account });
    expect(await lastTab()).toContain('https://kite.zerodha.com/connect/login');
  });

  it('where the login begins with a consent, OpenAlgo makes it', async () => {
    const account = await setUp('dhan');
    await command({ type: 'log-in', account });
    expect(await lastTab()).toBe(`${openalgo.url}/dhan/initiate-oauth`);
  });
});

describe('an account of another kind', () => {
  it.each([
    ['zerodha', 'seal', 'my backend’s own callback'],
    ['icici', 'observe', 'no ICICI Direct'],
  ] as const)('of %s in mode %s cannot have it', async (broker, mode, says) => {
    const account = await pair({ url: openalgo.url, secret: SECRET }, { broker, mode });
    expect(await obey({ type: 'save-destination', account, form: form() })).toMatchObject({
      ok: false,
      problems: [{ field: 'kind', message: expect.stringContaining(says) }],
    });
  });

  it('keeps its mode while it has it', async () => {
    const account = await setUp();
    const { broker, name, apiKey, redirectUrl } = (await shownAccount(account, () => true)).settings;
    const sealed = { broker, name, apiKey, redirectUrl, mode: 'seal', expectedUser: null } as const;
    expect(await obey({ type: 'save-account', id: account, form: sealed })).toMatchObject({
      ok: false,
      problems: [{ field: 'mode', message: expect.stringContaining('must stay') }],
    });
  });
});

it('the test of a destination says that an OpenAlgo answers', async () => {
  const account = await setUp();
  const { steps } = await command({ type: 'test', account });
  expect(steps?.at(-1)).toMatchObject({ ok: true, says: expect.stringContaining('OpenAlgo answers') });
});
