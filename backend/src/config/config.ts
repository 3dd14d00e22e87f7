import { BrokerId } from '../../../utils/shared/contract.ts';
import type { RedirectMode } from '../../../utils/shared/pairing.ts';
import { invisibleIn } from './dot-env/invisible.ts';
import { type Checked, check, type ToldProblem } from './problems.ts';
import { type Environment, itemsOf, type LogLevel, Settings, VARIABLES } from './settings.ts';
import { slips } from './slips.ts';

/** One broker account with its API key; the pairing calls it by its broker's id. */
export interface Account {
  name: BrokerId;
  apiKey: string;
  apiSecret: string;
  /** The user id that the person named in the environment, or null: then the first one seen is pinned. */
  user: string | null;
  userVariable: string;
  redirectUrl: string;
  redirectMode: RedirectMode;
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
  /** The file of the key that seals the tokens; null: the one in DATA_DIR, made on first need. */
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
  /** Where quotes come from while no session lives. */
  fallback: 'yahoo' | 'off';
  accounts: Account[];
}

const PREFIX = { zerodha: 'ZERODHA', icici: 'BREEZE' } as const;

/** The variables in which the older systems keep a session: Kite's access token, Breeze's API session. */
export const TOKEN_VARIABLE = { zerodha: 'ZERODHA_ACCESS_TOKEN', icici: 'BREEZE_SESSION_TOKEN' } as const;

/** The configuration, or every variable that is wrong with what it must be; never a value. */
export function readConfig(env: Environment): Checked<Config> {
  const given = setOnly(env);
  const problems = [...slips(given).flatMap(({ problem }) => problem ?? []), ...hidden(given)];
  const settings = check(Settings, given);
  if (!settings.ok) return { ok: false, problems: [...settings.problems, ...problems] };
  const accounts: Account[] = [];
  for (const broker of BrokerId.options) {
    const account = readAccount(broker, settings.value);
    if (account === null) continue;
    if ('field' in account) problems.push(account);
    else accounts.push(account);
  }
  if (settings.value.DATABASE_URL !== undefined && settings.value.KEY_FILE === undefined) problems.push(NO_KEY_FILE);
  if (problems.length === 0 && accounts.length === 0) problems.push(NOTHING_CONFIGURED);
  if (problems.length > 0) return { ok: false, problems };
  const { PORT, BIND, LOG_LEVEL, DATA_DIR, PUBLIC_URL, BREEZE_STREAMS } = settings.value;
  const { DATABASE_URL, KEY_FILE, ROLE, ADMIN_PASSWORD, SAVE_TOKEN_TO_ENV, ALERT_WEBHOOK_URL, FALLBACK_DATA } =
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
      fallback: FALLBACK_DATA,
      accounts,
    },
  };
}

const NOTHING_CONFIGURED: ToldProblem = {
  field: 'configuration',
  message:
    'names no broker: set ZERODHA_API_KEY and ZERODHA_API_SECRET, or BREEZE_API_KEY and BREEZE_API_SECRET, in the environment or in .env',
};

const NO_KEY_FILE: ToldProblem = {
  field: 'KEY_FILE',
  message: 'is missing, since DATABASE_URL is set: every machine has to seal tokens with the same key',
};

function readAccount(broker: BrokerId, settings: Settings): Account | ToldProblem | null {
  const prefix = PREFIX[broker];
  const apiKey = settings[`${prefix}_API_KEY`];
  const apiSecret = settings[`${prefix}_API_SECRET`];
  if (apiKey === undefined && apiSecret === undefined) return null;
  if (apiKey === undefined)
    return { field: `${prefix}_API_KEY`, message: `is missing, since ${prefix}_API_SECRET is set` };
  if (apiSecret === undefined)
    return { field: `${prefix}_API_SECRET`, message: `is missing, since ${prefix}_API_KEY is set` };
  return {
    name: broker,
    apiKey,
    apiSecret,
    user: settings[`${prefix}_USER_ID`] ?? null,
    userVariable: `${prefix}_USER_ID`,
    redirectUrl: settings[`${prefix}_REDIRECT_URL`],
    redirectMode: settings[`${prefix}_REDIRECT_MODE`],
    startToken: settings[TOKEN_VARIABLE[broker]] ?? null,
  };
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
