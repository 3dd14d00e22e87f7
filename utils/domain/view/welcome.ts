import { BrokerId } from '../../shared/contract.ts';
import { RedirectMode } from '../../shared/pairing.ts';
import { z } from '../../shared/schema.ts';
import { Id } from '../accounts/settings.ts';
import type { AccountView, Overview } from './overview.ts';
import type { Status } from './status.ts';

/** The way from nothing to a session that lives, in its order. */
export const STEPS = ['account', 'destination', 'permissions', 'test', 'login', 'daily'] as const;
export type Step = (typeof STEPS)[number];

const Text = z.string().check(z.maxLength(500));

/**
 * What a person typed and has not saved yet. It stands in storage.local, which content scripts of ours can read in
 * Firefox: so no secret is in it, no pairing string, and of an address only what holds no token.
 */
export const Draft = z.strictObject({
  /** The account that is being set up; `new`: another one is begun; null: the first that is not ready. */
  account: z.nullable(z.union([Id, z.literal('new')])),
  /** The account is entered by hand, not by a pairing string. */
  byHand: z.boolean(),
  form: z.strictObject({
    broker: BrokerId,
    name: Text,
    redirectUrl: Text,
    mode: RedirectMode,
    expectedUser: z.nullable(Text),
  }),
  /** Where the token will go. */
  address: Text,
  /** The destination whose test was passed. */
  tested: z.nullable(Id),
});
export type Draft = z.infer<typeof Draft>;

/** What the pages take as the usual redirect URL: an address of this computer where nothing listens. */
export const USUAL_REDIRECT_URL = 'http://127.0.0.1/';

export const NO_DRAFT: Draft = {
  account: null,
  byHand: false,
  form: { broker: 'zerodha', name: '', redirectUrl: USUAL_REDIRECT_URL, mode: 'seal', expectedUser: null },
  address: '',
  tested: null,
};

/** The account that the page is about, or null where one is to be added. */
export function accountInHand({ accounts }: Overview, { account }: Draft): AccountView | null {
  if (account === 'new') return null;
  const named = accounts.find(({ settings }) => settings.id === account);
  return named ?? accounts.find((one) => stepOf(one, null) !== 'daily') ?? null;
}

/** How far an account is, by what is stored of it; `tested` is the destination whose test was passed. */
export function stepOf(account: AccountView | null, tested: string | null): Step {
  if (account === null) return 'account';
  const { destination, hosts, status, settings } = account;
  if (!destination && settings.mode !== 'observe') return 'destination';
  if (hosts.some(({ granted }) => !granted)) return 'permissions';
  if (GREEN.has(status)) return 'daily';
  return destination && destination.settings.id !== tested && account.links === null ? 'test' : 'login';
}

const GREEN: ReadonlySet<Status> = new Set(['live', 'verified', 'accepted', 'due-soon', 'suspect', 'renew-now']);

/** What the account form begins with, for a broker: its id as the name, unless an account has that already. */
export function usualName(broker: BrokerId, accounts: readonly AccountView[]): string {
  const taken = new Set(accounts.filter((one) => one.broker === broker).map(({ name }) => name));
  let name: string = broker;
  for (let number = 2; taken.has(name); number++) name = `${broker}-${number}`;
  return name;
}

/** The draft without what may be secret: a pairing string or its secret, a login's token, what stands in an address behind its path. */
export function keepable(draft: Draft): Draft {
  const { form, address } = draft;
  const safe = (text: string) => (/whsec_|obp1_/i.test(text) ? '' : text);
  // No longer than a name is: an API secret has 32 signs.
  const plain = (text: string) => (/^[\w .-]{0,20}$/.test(text) ? safe(text) : '');
  const bare = (text: string) => {
    const [place = ''] = text.trim().split(/[?#]/);
    return /^https?:\/\/[^\s"'@]*$/i.test(place) ? safe(place) : '';
  };
  return {
    ...draft,
    form: {
      ...form,
      name: plain(form.name),
      redirectUrl: bare(form.redirectUrl) || USUAL_REDIRECT_URL,
      expectedUser: form.expectedUser && plain(form.expectedUser),
    },
    address: bare(address),
  };
}
