import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SimpleId } from '../../brokers/index.ts';
import { APPS, type Practice, startPractice } from '../../support/backend/practice.ts';
import { programKey } from '../../support/backend/program-key.ts';
import { createSender, until } from '../backend/harness.ts';

const ACCOUNTS = ['aliceblue', 'dhan', 'paytm', 'upstox'] as const satisfies readonly SimpleId[];
const { userId } = APPS.aliceblue;

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice({}, ACCOUNTS);
});
afterAll(() => practice.close());
afterEach(() => practice.brokers.faults.clear());

const sender = (account: SimpleId) => createSender(practice.backend.url, practice.backend.dataDir, account);
const issue = (account: SimpleId) => practice.brokers.simple[account].issue(APPS[account].apiKey);
const exchanges = (account: SimpleId) => practice.brokers.simple[account].exchanges.length;

/** A delivery of AliceBlue's with what came beside its token. */
function alice(value: string, beside?: Record<string, string>) {
  const token = { kind: 'one-time', value, ...(beside ? { with: beside } : {}) } as const;
  return sender('aliceblue').captured(value, { token });
}

describe('a report', () => {
  it.each([
    ['aliceblue', ['token.with', 'check.wait']],
    ['upstox', ['token.with', 'check.wait']],
    ['dhan', ['token.with', 'session.consent', 'check.wait']],
  ] as const)('of %s names what is understood', async (account, understands) =>
    expect((await sender(account).check()).understands).toEqual(understands),
  );
});

describe('a second value of the redirect', () => {
  it('is part of the exchange, and of no id', async () => {
    const value = issue('aliceblue');
    const { answer } = await sender('aliceblue').deliver(alice(value, { userId }));
    expect(answer).toMatchObject({ type: 'session.applied', status: 'applied' });
    expect(sender('aliceblue').idOf(alice(value, { userId }))).toBe(sender('aliceblue').idOf(alice(value)));
  });

  it('may come again with the same delivery, and no other may', async () => {
    const value = issue('aliceblue');
    const before = exchanges('aliceblue');
    await sender('aliceblue').deliver(alice(value, { userId }));
    const again = await sender('aliceblue').deliver(alice(value, { userId }));
    expect(again.answer).toMatchObject({ type: 'session.applied', status: 'replayed' });
    const other = await sender('aliceblue').deliver(alice(value, { userId: 'ZZ9999' }));
    expect(other).toMatchObject({ status: 400, answer: { reason: 'bad_request' } });
    expect(other.answer).toMatchObject({ message: expect.stringContaining('token.with is another one') });
    expect(exchanges('aliceblue')).toBe(before + 1);
  });

  it.each([
    [undefined, 'token.with.userId is missing'],
    [{ userId: 'not.an-id' }, 'token.with.userId is none of AliceBlue'],
    [{ userId, more: 'x' }, 'token.with holds what AliceBlue does not send'],
  ])('that is %j is refused by name, and the broker is not asked', async (beside, words) => {
    const before = exchanges('aliceblue');
    const { answer } = await sender('aliceblue').deliver(alice(issue('aliceblue'), beside));
    expect(answer).toMatchObject({ type: 'session.refused', reason: 'bad_request', message: words });
    expect(exchanges('aliceblue')).toBe(before);
  });

  it('is not asked of a dry run, whose token is made up', async () => {
    const { answer } = await sender('aliceblue').deliver({ ...alice('DRYRUN00'.repeat(4)), dry_run: true });
    expect(answer).toMatchObject({ type: 'session.applied', status: 'dry_run' });
  });
});

describe('a broker that nobody here knows', () => {
  it('is refused by name', async () => {
    const message = { ...sender('upstox').captured('CodeOfNobody'), broker: 'nobody' };
    const { status, answer } = await sender('upstox').post(JSON.stringify(message));
    expect(status).toBe(400);
    expect(answer).toMatchObject({ reason: 'bad_request', message: expect.stringMatching(/^broker must be/) });
  });
});

describe('a consent', () => {
  const ask = (account: SimpleId) =>
    sender(account).post(JSON.stringify({ version: 1, type: 'session.consent', account, broker: account }));

  it('is made by the broker, and begins one login', async () => {
    const { answer } = await ask('dhan');
    if (answer.type !== 'session.consented') throw new Error(JSON.stringify(answer));
    expect(practice.brokers.simple.dhan.consents.get(answer.consent)).toBe(APPS.dhan.apiKey);
  });

  it('that the broker refuses is a matter of the configuration', async () => {
    practice.brokers.faults.add('dhan.consent.refused');
    expect(await ask('dhan')).toMatchObject({ status: 422, answer: { reason: 'configuration' } });
  });

  const begin = async (account: SimpleId) => {
    const { url, dataDir } = practice.backend;
    const login = `${url}/api/auth/login?broker=${account}`;
    const answer = await fetch(login, { redirect: 'manual', headers: programKey(dataDir) });
    return new URL(answer.headers.get('location') ?? '', login);
  };

  it('is made for a login that begins at the backend’s own page too', async () => {
    const { origin, pathname, searchParams } = await begin('dhan');
    expect(`${origin}${pathname}`).toBe('https://auth.dhan.co/login/consentApp-login');
    const consent = searchParams.get('consentAppId') ?? '';
    expect(practice.brokers.simple.dhan.consents.get(consent)).toBe(APPS.dhan.apiKey);
  });

  it('that is refused leads back to that page, which says why', async () => {
    practice.brokers.faults.add('dhan.consent.refused');
    expect((await begin('dhan')).href).toBe(`${practice.backend.url}/?login=configuration`);
  });

  it('is asked of no broker that has none', async () =>
    expect(await ask('upstox')).toMatchObject({ status: 400, answer: { reason: 'bad_request' } }));
});

describe('a code that a failed exchange used up', () => {
  it.each([
    ['inactive', 422, 'configuration'],
    ['limited', 410, 'token_spent'],
    ['failing', 410, 'token_spent'],
  ])('by %s is never sent to the broker again', async (fault, status, reason) => {
    const message = sender('upstox').captured(issue('upstox'));
    practice.brokers.faults.add(`upstox.exchange.${fault}`);
    const before = exchanges('upstox');
    expect(await sender('upstox').deliver(message)).toMatchObject({ status, answer: { reason } });
    practice.brokers.faults.clear();
    expect(await sender('upstox').deliver(message)).toMatchObject({ status: 410, answer: { reason: 'token_spent' } });
    expect(exchanges('upstox')).toBe(before + 1);
  });
});

describe('a broker that names no user', () => {
  const paytm = () => sender('paytm');

  it('is verified, and its report leaves open whose session it is', async () => {
    for (const _login of ['the first', 'a later one']) {
      const { status, answer } = await paytm().deliver(paytm().captured(issue('paytm')));
      expect({ status, answer }).toMatchObject({ status: 200, answer: { status: 'applied', session: { user: null } } });
      const { session } = await until(paytm().check, (report) => report.session.state === 'verified');
      expect(session).toMatchObject({ user: null, problem: null });
    }
  });

  it('refuses an expected user, whom nobody could compare, before the token is spent', async () => {
    const before = exchanges('paytm');
    const message = paytm().captured(issue('paytm'), { expected_user: '1234567' });
    expect(await paytm().deliver(message)).toMatchObject({
      status: 422,
      answer: { reason: 'configuration', message: expect.stringContaining('names no user') },
    });
    expect(exchanges('paytm')).toBe(before);
    expect((await paytm().deliver({ ...message, expected_user: null })).status).toBe(200);
  });

  it('is verified no longer when it refuses the session', async () => {
    await paytm().deliver(paytm().captured(issue('paytm')));
    practice.brokers.simple.paytm.endSession();
    await until(paytm().check, (report) => report.session.state === 'rejected');
  });
});
