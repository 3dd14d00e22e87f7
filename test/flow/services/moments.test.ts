import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import { openDestination } from '../../support/backend/destination.ts';
import {
  cleanUp,
  command,
  knownOf,
  logIn,
  logInWith,
  pair,
  redirect,
  shownAccount,
} from '../../support/browsers/extension.ts';
import { iso, KITE_TOKEN } from '../../support/samples/samples.ts';

/** A machine so slow that no two looks at its clock show the same time, by as much as is given. */
function slowDown(stepMs: number): void {
  const now = Date.now;
  let looks = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + stepMs * looks++);
}

let closeServer: () => Promise<void> | void = () => undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await cleanUp();
  await closeServer();
});

/** A backend of the older kind: it takes a token, and a page tells how its session stands. */
async function openPage(): Promise<string> {
  const server = createServer(async (request, response) => {
    await request.toArray();
    const session = { valid: true, active: true };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ session }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closeServer = () => new Promise<void>((closed) => server.close(() => closed()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a signed answer', () => {
  it('is said of the moment when it was heard, however long its signature takes to check', async () => {
    const backend = await openDestination();
    closeServer = backend.close;
    const account = await pair(backend);
    vi.useFakeTimers({ toFake: ['Date'] });
    const verify = crypto.subtle.verify.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'verify').mockImplementation((...args) => {
      vi.setSystemTime(Date.now() + 2_500);
      return verify(...args);
    });
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    const { report, provenAt } = (await knownOf(account)) ?? {};
    expect(report?.at).toBe(report?.sentAt);
    expect(provenAt).toBe(report?.at);
  });
});

describe('a person who looks for the code on their phone', () => {
  async function comesBackAfter(ms: number) {
    const backend = await openDestination();
    closeServer = backend.close;
    const account = await pair(backend);
    vi.useFakeTimers({ toFake: ['Date'] });
    const { tab, state } = await logIn(account);
    vi.setSystemTime(Date.now() + ms);
    await pulse();
    await redirect(tab, `http://127.0.0.1:8000/?request_token=${KITE_TOKEN}&ob_state=${state}`);
    return { account, backend };
  }

  it.each([1, 4, 9])('is not asked anything after %i minutes', async (minutes) => {
    const { account, backend } = await comesBackAfter(minutes * MINUTE);
    const view = await shownAccount(account, ({ status }) => status === 'live');
    expect([view.ask, view.notice, backend.tokens().length]).toEqual([null, null, 1]);
  });

  it('is told after eleven that a login has ten', async () => {
    const { account, backend } = await comesBackAfter(11 * MINUTE);
    const view = await shownAccount(account, ({ notice }) => notice !== null);
    expect([view.ask, view.notice, backend.tokens()]).toEqual([null, expect.stringContaining('ten minutes'), []]);
  });
});

describe.each([0, 1, 200])('on a machine that loses %i ms between any two looks at its clock', (stepMs) => {
  it('a login is live', async () => {
    const backend = await openDestination();
    closeServer = backend.close;
    const account = await pair(backend);
    slowDown(stepMs);
    await logInWith(account, KITE_TOKEN);
    const view = await shownAccount(account, ({ status }) => status === 'live');
    expect(view.links?.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  it('a login that a status page confirms keeps its way, and the page is read by one clock', async () => {
    const url = await openPage();
    const account = await pair({ url: `${url}/update`, secret: `whsec_${'c2VjcmV0'.repeat(5)}` });
    slowDown(stepMs);
    await command({
      type: 'save-destination',
      account,
      form: {
        kind: 'plain',
        url: `${url}/update`,
        method: 'POST',
        format: 'json',
        field: 'token',
        authorization: { kind: 'none' },
        success: null,
        status: { kind: 'session-manager', url: `${url}/api/session-manager` },
        secret: '',
      },
    });
    await logInWith(account, KITE_TOKEN);
    const view = await shownAccount(account, ({ status }) => status === 'verified');
    expect(view.links?.map(({ state }) => state)).toEqual(['done', 'done']);
    const report = (await knownOf(account))?.report;
    expect(report?.skewMs).toBe(0);
    expect(report?.session.verified_at).toBe(iso(report?.at ?? 0));
  });
});
