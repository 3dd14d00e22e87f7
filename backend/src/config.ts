import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { BrokerId, UserId } from '../../utils/domain/contract.ts';
import { RedirectMode } from '../../utils/domain/pairing.ts';
import { type Checked, check, type Problem, z } from '../../utils/domain/schema.ts';
import { DestinationUrl, RedirectUrl } from '../../utils/domain/urls.ts';

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
}

export interface Config {
  port: number;
  dataDir: string;
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

const Key = z.optional(z.string().check(z.maxLength(200)));
const User = z.optional(UserId);
const Redirect = z._default(RedirectUrl, 'http://127.0.0.1/');
const Mode = z._default(RedirectMode, 'seal');

const Settings = z.object({
  PORT: z._default(z.string().check(z.refine(isPort, 'must be a port number from 0 to 65535')), '8787'),
  DATA_DIR: z._default(z.string(), '.data'),
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
  BREEZE_API_KEY: Key,
  BREEZE_API_SECRET: Key,
  BREEZE_USER_ID: User,
  BREEZE_REDIRECT_URL: Redirect,
  BREEZE_REDIRECT_MODE: Mode,
});
type Settings = z.infer<typeof Settings>;

/** The variables of the process and, below them, those of `.env` in `directory`. An empty one counts as not set. */
export function readEnvironment(env: Environment, directory: string): Environment {
  return { ...setOnly(readDotEnv(join(directory, '.env'))), ...setOnly(env) };
}

/** The configuration, or every variable that is wrong with what it must be; never a value. */
export function readConfig(env: Environment): Checked<Config> {
  const settings = check(Settings, setOnly(env));
  if (!settings.ok) return settings;
  const accounts: Account[] = [];
  const problems: Problem[] = [];
  for (const broker of BrokerId.options) {
    const account = readAccount(broker, settings.value);
    if (account === null) continue;
    if ('field' in account) problems.push(account);
    else accounts.push(account);
  }
  if (problems.length === 0 && accounts.length === 0) problems.push(NOTHING_CONFIGURED);
  if (problems.length > 0) return { ok: false, problems };
  const { PORT, DATA_DIR, PUBLIC_URL, BREEZE_STREAMS } = settings.value;
  return {
    ok: true,
    value: {
      port: Number(PORT),
      dataDir: DATA_DIR,
      publicUrl: PUBLIC_URL ?? null,
      breezeStreams: BREEZE_STREAMS.split(',').map((stream) => stream.trim()),
      adminPassword: settings.value.ADMIN_PASSWORD ?? null,
      saveTokenTo: settings.value.SAVE_TOKEN_TO_ENV ?? null,
      alertWebhookUrl: settings.value.ALERT_WEBHOOK_URL ?? null,
      fallback: settings.value.FALLBACK_DATA,
      accounts,
    },
  };
}

const NOTHING_CONFIGURED: Problem = {
  field: 'configuration',
  message:
    'names no broker: set ZERODHA_API_KEY and ZERODHA_API_SECRET, or BREEZE_API_KEY and BREEZE_API_SECRET, in the environment or in .env',
};

function readAccount(broker: BrokerId, settings: Settings): Account | Problem | null {
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
