import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { BrokerId, UserId } from '../../../utils/shared/contract.ts';
import { RedirectMode } from '../../../utils/shared/pairing.ts';
import { z } from '../../../utils/shared/schema.ts';
import { DestinationUrl, RedirectUrl } from '../../../utils/shared/urls.ts';
import { isPlaceholder, isQuoted, misspelt } from './misspelt.ts';
import { type Checked, check, type ToldProblem } from './problems.ts';

export type Environment = Record<string, string | undefined>;

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

export const LogLevel = z.enum(['debug', 'info', 'warn', 'error', 'silent']);
export type LogLevel = z.infer<typeof LogLevel>;

/** `0.0.0.0` is for a container, whose own loopback nobody outside of it can reach. */
const Bind = z.enum(['127.0.0.1', '0.0.0.0']);

/** `api` takes deliveries and requests, `worker` has the feeds and runs what waited. */
const Role = z.enum(['api', 'worker', 'both']);
export type Role = z.infer<typeof Role>;

export interface Config {
  port: number;
  bind: z.infer<typeof Bind>;
  logLevel: LogLevel;
  dataDir: string;
  /** Null: the embedded database in DATA_DIR. */
  databaseUrl: string | null;
  /** The file of the key that seals the tokens; null: the one in DATA_DIR, made on first need. */
  keyFile: string | null;
  role: Role;
  publicUrl: string | null;
  breezeStreams: string[];
  /** Null: the administrator is not switched on. */
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

const Key = z.optional(
  z.string().check(
    z.maxLength(200),
    z.refine((value) => !isPlaceholder(value), 'still holds a placeholder: put your own value there'),
    z.refine((value) => !isQuoted(value), 'is in quotes, which are not part of it: remove them'),
  ),
);
const User = z.optional(UserId);
const Token = z.optional(z.string().check(z.regex(/^[A-Za-z0-9]{4,64}$/, 'must be 4 to 64 letters and digits')));
const Redirect = z._default(RedirectUrl, 'http://127.0.0.1/');
const Mode = z._default(RedirectMode, 'seal');

const Settings = z.object({
  PORT: z._default(z.string().check(z.refine(isPort, 'must be a port number from 0 to 65535')), '8787'),
  BIND: z._default(Bind, '127.0.0.1'),
  LOG_LEVEL: z._default(LogLevel, 'info'),
  DATA_DIR: z._default(z.string(), '.data'),
  DATABASE_URL: z.optional(z.string().check(z.refine(isPostgres, 'must be an address that begins with postgres://'))),
  KEY_FILE: z.optional(z.string().check(z.maxLength(500))),
  ROLE: z._default(Role, 'both'),
  PUBLIC_URL: z.optional(DestinationUrl),
  BREEZE_STREAMS: z._default(z.string().check(z.maxLength(500)), '4.1!NIFTY 50'),
  ADMIN_PASSWORD: z.optional(z.string().check(z.minLength(8), z.maxLength(200))),
  SAVE_TOKEN_TO_ENV: z.optional(z.string().check(z.maxLength(500))),
  ALERT_WEBHOOK_URL: z.optional(DestinationUrl),
  FALLBACK_DATA: z._default(z.enum(['yahoo', 'off']), 'yahoo'),
  ZERODHA_API_KEY: Key,
  ZERODHA_API_SECRET: Key,
  ZERODHA_USER_ID: User,
  ZERODHA_REDIRECT_URL: Redirect,
  ZERODHA_REDIRECT_MODE: Mode,
  ZERODHA_ACCESS_TOKEN: Token,
  BREEZE_API_KEY: Key,
  BREEZE_API_SECRET: Key,
  BREEZE_USER_ID: User,
  BREEZE_REDIRECT_URL: Redirect,
  BREEZE_REDIRECT_MODE: Mode,
  BREEZE_SESSION_TOKEN: Token,
});
type Settings = z.infer<typeof Settings>;

/** The variables of the process and, below them, those of `.env` in `directory`. An empty one counts as not set. */
export function readEnvironment(env: Environment, directory: string): Environment {
  return { ...setOnly(readDotEnv(join(directory, '.env'))), ...setOnly(env) };
}

/** The configuration, or every variable that is wrong with what it must be; never a value. */
export function readConfig(env: Environment): Checked<Config> {
  const problems: ToldProblem[] = misspelt(setOnly(env), Object.keys(Settings.shape));
  const settings = check(Settings, setOnly(env));
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
      breezeStreams: BREEZE_STREAMS.split(',').map((stream) => stream.trim()),
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

function isPostgres(value: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value);
}

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

function readDotEnv(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

function setOnly(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
