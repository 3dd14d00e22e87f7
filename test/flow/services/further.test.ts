import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyOneDestination } from '../../../utils/domain/accounts/destinations.ts';
import type { RouteView } from '../../../utils/domain/view/overview.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { readAll } from '../../../utils/services/store/store.ts';
import { openDestination, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, expectGone, logInWith, pair, shownAccount } from '../../support/browsers/extension.ts';
import { BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';

let first: TestDestination;
let second: TestDestination;
beforeEach(async () => {
  first = await openDestination();
  second = await openDestination();
});
afterEach(async () => {
  await cleanUp();
  await first.close();
  await second.close();
});

const signed = ({ url, secret }: TestDestination) => ({ kind: 'signed', url, secret }) as const;
const idOf = (route?: RouteView) => route?.destination?.settings.id ?? '';
const tokensOf = ({ tokens }: TestDestination) => tokens().map(({ body }) => JSON.parse(body).token.value);

async function pairBoth(): Promise<string> {
  const account = await pair(first, { broker: 'icici' });
  await command({ type: 'add-destination', account, form: signed(second) });
  return account;
}

describe('an account with two destinations', () => {
  it('sends a day credential to each, with a delivery and a proof of its own', async () => {
    const account = await pairBoth();
    await logInWith(account, BREEZE_TOKEN, 'icici');
    const view = await shownAccount(
      account,
      ({ status, further }) => status === 'live' && further[0]?.status === 'live',
    );
    expect(view.further.map(({ destination }) => destination?.url)).toEqual([second.url]);
    expect([tokensOf(first), tokensOf(second)]).toEqual([[BREEZE_TOKEN], [BREEZE_TOKEN]]);
    // Named under each pairing's own secret.
    expect(first.tokens()[0]?.id).not.toBe(second.tokens()[0]?.id);
    expect([...first.received, ...second.received].every(({ isSigned }) => isSigned)).toBe(true);
    await expectGone(BREEZE_TOKEN);
  });

  it('goes on with one while the other does not answer, and says which', async () => {
    second.answerTokens(() => 'drop');
    const account = await pairBoth();
    await logInWith(account, BREEZE_TOKEN, 'icici');
    const view = await shownAccount(
      account,
      ({ status, further }) => status === 'live' && further[0]?.advice?.mend === 'retry',
    );
    expect(view.further[0]).toMatchObject({
      status: 'working',
      advice: { says: expect.stringContaining('does not answer') },
    });
    second.answerTokens((_, usual) => usual());
    await command({ type: 'retry', account, destination: idOf(view.further[0]) });
    await shownAccount(account, ({ further }) => further[0]?.status === 'live');
    expect(first.tokens()).toHaveLength(1);
    await expectGone(BREEZE_TOKEN);
  });

  it('stands as one account: one question, one redirect, paused and forgotten together', async () => {
    const account = await pairBoth();
    await command({ type: 'pause', account, paused: true });
    const paused = await shownAccount(account, ({ status }) => status === 'paused');
    expect(paused.further.map(({ status }) => status)).toEqual(['paused']);
    await command({ type: 'forget', account });
    const { accounts, destinations, facts } = await readAll();
    expect([accounts, destinations, [...facts]]).toEqual([[], [], []]);
  });

  it('loses one without the other', async () => {
    const account = await pairBoth();
    const { further } = await shownAccount(account, (view) => view.further.length === 1);
    await command({ type: 'remove-destination', destination: idOf(further[0]) });
    await logInWith(account, BREEZE_TOKEN, 'icici');
    await shownAccount(account, (view) => view.status === 'live' && view.further.length === 0);
    expect(second.tokens()).toEqual([]);
  });

  it.each<[what: string, add: (account: string) => Promise<unknown>, field: string]>([
    ['the same address twice', (account) => obey({ type: 'add-destination', account, form: signed(first) }), 'url'],
    [
      'an account that is gone',
      () => obey({ type: 'add-destination', account: 'nobody12', form: signed(second) }),
      'account',
    ],
  ])('is not made with %s', async (_what, add, field) => {
    expect(await add(await pair(first, { broker: 'icici' }))).toMatchObject({ ok: false, problems: [{ field }] });
  });
});

describe('a one-time token', () => {
  it('goes to one destination, and a second one is refused with the reason (REL-09)', async () => {
    const account = await pair(first);
    expect(await obey({ type: 'add-destination', account, form: signed(second) })).toMatchObject({ ok: false });
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    expect(second.received).toEqual([]);
  });

  it.each([
    ['zerodha', 'seal', /good for one exchange/],
    ['icici', 'observe', /own callback takes this login/],
  ] as const)('%s, %s: the settings say why', (broker, mode, says) => {
    expect(whyOneDestination({ broker, mode })).toMatch(says);
  });
});

describe('a change of the account', () => {
  it('to a broker whose token is good for one exchange ends the further destinations', async () => {
    const account = await pairBoth();
    const { settings } = await shownAccount(account, () => true);
    const { id: _id, confirmedUser: _user, paused: _paused, createdAt: _at, ...form } = settings;
    await command({ type: 'save-account', id: account, form: { ...form, broker: 'zerodha' } });
    await shownAccount(account, ({ broker, further }) => broker === 'zerodha' && further.length === 0);
    expect((await readAll()).destinations.map(({ url }) => url)).toEqual([first.url]);
  });
});
