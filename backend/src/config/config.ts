import { type Account, readAccount } from './account.ts';
import type { AccountName } from './account-name.ts';
import { invisibleIn } from './dot-env/invisible.ts';
import { namedAccounts, ownerOf, variablesIn } from './named-accounts.ts';
import { type Checked, check, type ToldProblem } from './problems.ts';
import { type Reminding, reminderProblems, remindingOf } from './reminder-settings.ts';
import { type Environment, itemsOf, type LogLevel, Settings } from './settings.ts';
import { slips } from './slips.ts';

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
  /** Those that are left out, since something is wrong with them. */
  broken: BrokenAccount[];
}

/** An account that does not run, and what has to be mended. */
export interface BrokenAccount {
  name: AccountName;
  problems: ToldProblem[];
}

/**
 * The configuration, or every variable that is wrong with what it must be; never a value. A mistake in one account leaves
 * the others running. `inFile`: what is wrong with the file that the variables came from.
 */
export function readConfig(env: Environment, inFile: readonly ToldProblem[] = []): Checked<Config> {
  const given = setOnly(env);
  const { names, problems: ofLists } = namedAccounts(given);
  const told: Owned[] = [
    ...inFile.map((problem) => ({ problem, variable: problem.field })),
    ...slips(given).flatMap(({ problem, meant }) => (problem === undefined ? [] : [{ problem, variable: meant }])),
    ...hidden(given).map((problem) => ({ problem, variable: problem.field })),
  ];
  const problemsOf = (owner: AccountName | null) =>
    told.filter(({ variable }) => ownerOf(variable, names) === owner).map(({ problem }) => problem);
  const accounts: Account[] = [];
  const broken: BrokenAccount[] = [];
  for (const name of names) {
    const account = readAccount(name, given);
    const problems = [...problemsOf(name), ...(account.ok ? [] : account.problems)];
    if (problems.length > 0) broken.push({ name, problems });
    else if (account.ok && account.value !== null) accounts.push(account.value);
  }
  const settings = check(Settings, given);
  const common = [...(settings.ok ? [] : settings.problems), ...problemsOf(null), ...ofLists];
  if (settings.ok && settings.value.DATABASE_URL !== undefined && settings.value.KEY_FILE === undefined)
    common.push(NO_KEY_FILE);
  if (settings.ok) common.push(...reminderProblems(settings.value));
  // Where nothing is left to run, whatever is wrong stops the start.
  if (common.length === 0 && accounts.length === 0 && broken.length === 0) common.push(NOTHING_CONFIGURED);
  if (!settings.ok || common.length > 0 || accounts.length === 0)
    return { ok: false, problems: [...common, ...broken.flatMap(({ problems }) => problems)] };
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
      broken,
    },
  };
}

/** A problem, and the variable that tells whose it is. */
interface Owned {
  problem: ToldProblem;
  variable: string;
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

function hidden(env: Environment): ToldProblem[] {
  return variablesIn(env).flatMap((name) => {
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
