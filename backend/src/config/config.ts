import { BROKER_IDS, brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { MarketId } from '../../../utils/shared/market.ts';
import type { RedirectMode } from '../../../utils/shared/pairing.ts';
import { invisibleIn } from './dot-env/invisible.ts';
import { type Checked, check, type ToldProblem } from './problems.ts';
import { type Reminding, reminderProblems, remindingOf } from './reminder-settings.ts';
import {
  AccountSettings,
  accountSettings,
  type Environment,
  itemsOf,
  type LogLevel,
  Settings,
  VARIABLES,
  variableOf,
} from './settings.ts';
import { slips } from './slips.ts';

/** One broker account with its API key; the pairing calls it by its broker's id. */
export interface Account {
  name: BrokerId;
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

export interface Config {
  port: number;
  bind: Settings['BIND'];
  logLevel: LogLevel;
  dataDir: string;
  /** Null: the embedded database in DATA_DIR. */
  databaseUrl: string | null;
  /** The file of the key that encrypts the tokens; null: the one in DATA_DIR, made on first need. */
  keyFile: string | null;
  role: Settings['ROLE'];
  publicUrl: string | null;
  /** Further names under which requests come, with or without a port. */
  allowedHosts: string[];
  /** Addresses and networks of proxies whose `X-Forwarded-For` counts. */
  trustedProxies: string[];
  breezeStreams: string[];
  /** Null: the administrator signs in by a one-time key alone. */
  adminPassword: string | null;
  /** The `.env` file that new tokens are written into in plain text, or null. */
  saveTokenTo: string | null;
  alertWebhookUrl: string | null;
  reminding: Reminding;
  /** Where quotes come from while no session lives. */
  fallback: 'yahoo' | 'off';
  /** `off`: no market feed connects, as for an app of the broker that has no market data. */
  feed: 'on' | 'off';
  accounts: Account[];
}

/** The configuration, or every variable that is wrong with what it must be; never a value. */
export function readConfig(env: Environment): Checked<Config> {
  const given = setOnly(env);
  const problems = [...slips(given).flatMap(({ problem }) => problem ?? []), ...hidden(given)];
  const settings = check(Settings, given);
  const accounts: Account[] = [];
  for (const broker of BROKER_IDS) {
    const account = readAccount(broker, given);
    if (!account.ok) problems.push(...account.problems);
    else if (account.value !== null) accounts.push(account.value);
  }
  if (!settings.ok) return { ok: false, problems: [...settings.problems, ...problems] };
  if (settings.value.DATABASE_URL !== undefined && settings.value.KEY_FILE === undefined) problems.push(NO_KEY_FILE);
  problems.push(...reminderProblems(settings.value));
  if (problems.length === 0 && accounts.length === 0) problems.push(NOTHING_CONFIGURED);
  if (problems.length > 0) return { ok: false, problems };
  const { PORT, BIND, LOG_LEVEL, DATA_DIR, PUBLIC_URL, BREEZE_STREAMS } = settings.value;
  const { DATABASE_URL, KEY_FILE, ROLE, ADMIN_PASSWORD, SAVE_TOKEN_TO_ENV, ALERT_WEBHOOK_URL, FALLBACK_DATA, FEED } =
    settings.value;
  return {
    ok: true,
    value: {
      port: Number(PORT),
      bind: BIND,
      logLevel: LOG_LEVEL,
      dataDir: DATA_DIR,
      databaseUrl: DATABASE_URL ?? null,
      keyFile: KEY_FILE ?? null,
      role: ROLE,
      publicUrl: PUBLIC_URL ?? null,
      allowedHosts: itemsOf(settings.value.ALLOWED_HOSTS),
      trustedProxies: itemsOf(settings.value.TRUSTED_PROXIES),
      breezeStreams: itemsOf(BREEZE_STREAMS),
      adminPassword: ADMIN_PASSWORD ?? null,
      saveTokenTo: SAVE_TOKEN_TO_ENV ?? null,
      alertWebhookUrl: ALERT_WEBHOOK_URL ?? null,
      reminding: remindingOf(settings.value),
      fallback: FALLBACK_DATA,
      feed: FEED,
      accounts,
    },
  };
}

const NOTHING_CONFIGURED: ToldProblem = {
  field: 'configuration',
  message:
    'names no broker: set ZERODHA_API_KEY and ZERODHA_API_SECRET, or those of another broker, in the environment or in .env',
};

const NO_KEY_FILE: ToldProblem = {
  field: 'KEY_FILE',
  message: 'is missing, since DATABASE_URL is set: every machine has to encrypt tokens with the same key',
};

function readAccount(broker: BrokerId, env: Environment): Checked<Account | null> {
  const { more } = brokers[broker].variables;
  const named = (setting: string) => variableOf(broker, setting);
  const own = Object.fromEntries([...Object.keys(AccountSettings.shape), ...more].map((one) => [one, env[named(one)]]));
  const credentials = ['API_KEY', 'API_SECRET', ...more];
  const [given] = credentials.filter((one) => own[one] !== undefined);
  const settings = check(accountSettings(more), own);
  if (!settings.ok)
    return { ok: false, problems: settings.problems.map((one) => ({ ...one, field: named(one.field) })) };
  if (given === undefined) return { ok: true, value: null };
  const missing = credentials.filter((one) => own[one] === undefined);
  const { API_KEY, API_SECRET, USER_ID, REDIRECT_URL, REDIRECT_MODE, ORDER_MARKET, TOKEN } =
    settings.value as AccountSettings;
  if (API_KEY === undefined || API_SECRET === undefined || missing.length > 0) {
    const message = `is missing, since ${named(given)} is set`;
    return { ok: false, problems: missing.map((one) => ({ field: named(one), message })) };
  }
  if (USER_ID !== undefined && !brokers[broker].namesUser) {
    const message = `cannot be compared, since ${brokers[broker].name} names no user: leave it out`;
    return { ok: false, problems: [{ field: named('USER_ID'), message }] };
  }
  const account: Account = {
    name: broker,
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

function hidden(env: Environment): ToldProblem[] {
  return VARIABLES.flatMap((name) => {
    const character = invisibleIn(env[name] ?? '');
    return character === null
      ? []
      : [{ field: name, message: `holds a character that nobody sees (${character}): type it anew` }];
  });
}

/** An empty variable counts as not set. */
export function setOnly(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}
