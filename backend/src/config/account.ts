import { brokers } from '../../../utils/shared/brokers/index.ts';
import type { MarketId } from '../../../utils/shared/market.ts';
import type { RedirectMode } from '../../../utils/shared/pairing.ts';
import { type AccountName, brokerOf, labelOf } from './account-name.ts';
import { type Checked, check } from './problems.ts';
import { AccountSettings, accountSettings, type Environment, listVariable, variableOf } from './settings.ts';

/** One broker account with its API key. */
export interface Account {
  name: AccountName;
  apiKey: string;
  apiSecret: string;
  /** What the broker's app has beside key and secret, by the names of its variables. */
  more?: Readonly<Record<string, string>>;
  /** The user id that the person named in the environment, or null: then the first one seen is pinned. */
  user: string | null;
  userVariable: string;
  redirectUrl: string;
  redirectMode: RedirectMode;
  /** Whose hours an order is judged by, where its operation names no market. */
  orderMarket: MarketId;
  /** A token that the environment names, to be taken up at the start. */
  startToken: string | null;
}

/** The account of that name; null where nothing is set for a broker's first one. */
export function readAccount(name: AccountName, env: Environment): Checked<Account | null> {
  const broker = brokerOf(name);
  const { more } = brokers[broker].variables;
  const named = (setting: string) => variableOf(name, setting);
  const own = Object.fromEntries([...Object.keys(AccountSettings.shape), ...more].map((one) => [one, env[named(one)]]));
  const credentials = ['API_KEY', 'API_SECRET', ...more];
  const [given] = credentials.filter((one) => own[one] !== undefined);
  const settings = check(accountSettings(more), own);
  if (!settings.ok)
    return { ok: false, problems: settings.problems.map((one) => ({ ...one, field: named(one.field) })) };
  if (given === undefined && labelOf(name) === null) return { ok: true, value: null };
  const missing = credentials.filter((one) => own[one] === undefined);
  const { API_KEY, API_SECRET, USER_ID, REDIRECT_URL, REDIRECT_MODE, ORDER_MARKET, TOKEN } =
    settings.value as AccountSettings;
  if (API_KEY === undefined || API_SECRET === undefined || missing.length > 0) {
    const message = `is missing, since ${given === undefined ? `${listVariable(broker)} names ${labelOf(name)}` : `${named(given)} is set`}`;
    return { ok: false, problems: missing.map((one) => ({ field: named(one), message })) };
  }
  if (USER_ID !== undefined && !brokers[broker].namesUser) {
    const message = `cannot be compared, since ${brokers[broker].name} names no user: leave it out`;
    return { ok: false, problems: [{ field: named('USER_ID'), message }] };
  }
  const account: Account = {
    name,
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    more: Object.fromEntries(more.map((one) => [one, own[one] ?? ''])),
    user: USER_ID ?? null,
    userVariable: named('USER_ID'),
    redirectUrl: REDIRECT_URL,
    redirectMode: REDIRECT_MODE,
    orderMarket: ORDER_MARKET,
    startToken: TOKEN ?? null,
  };
  return { ok: true, value: account };
}
