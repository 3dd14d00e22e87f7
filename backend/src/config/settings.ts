import { isIP } from 'node:net';
import { BROKER_IDS, brokers } from '../../../utils/shared/brokers/index.ts';
import { type BrokerId, UserId } from '../../../utils/shared/contract.ts';
import { MARKET_IDS } from '../../../utils/shared/market.ts';
import { RedirectMode } from '../../../utils/shared/pairing.ts';
import { z } from '../../../utils/shared/schema.ts';
import { DestinationUrl, RedirectUrl } from '../../../utils/shared/urls.ts';
import { parseHost } from '../http/names.ts';
import { type AccountName, brokerOf, labelOf } from './account-name.ts';
import { hasTypographicQuotes, invisibleIn } from './dot-env/invisible.ts';
import { isPlaceholder, isQuoted, isUrlEncoded } from './pasted.ts';
import { ReminderSettings } from './reminder-settings.ts';

export type Environment = Record<string, string | undefined>;

export const LogLevel = z.enum(['debug', 'info', 'warn', 'error', 'silent']);
export type LogLevel = z.infer<typeof LogLevel>;

/** `0.0.0.0` is for a container, whose own loopback nobody outside of it can reach. */
const Bind = z.enum(['127.0.0.1', '0.0.0.0']);

/** `api` takes deliveries and requests, `worker` has the feeds and runs what waited. */
const Role = z.enum(['api', 'worker', 'both']);

/** True for what keys are made of. A character that nobody sees is named by itself. */
function isTyped(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value) || invisibleIn(value) !== null;
}

const Key = z.optional(
  z.string().check(
    z.maxLength(200),
    z.refine((value) => !isPlaceholder(value), 'still holds a placeholder: put your own value there'),
    z.refine(
      (value) => !isQuoted(value) && !hasTypographicQuotes(value),
      'is in quotes, which are not part of it: remove them',
    ),
    z.refine(
      (value) => !isUrlEncoded(value),
      'is encoded as it stands in an address, like %2B for +: write it as the broker shows it',
    ),
    z.refine(
      (value) => isPlaceholder(value) || isQuoted(value) || hasTypographicQuotes(value) || isTyped(value),
      'holds a letter or sign that no key has, though it may look like one: type it anew',
    ),
  ),
);
const User = z.optional(UserId);
/** The form of a token that the environment may name. */
export const TOKEN_FORM = /^[A-Za-z0-9._-]{4,2048}$/;
const TOKEN = z.optional(
  z.string().check(z.regex(TOKEN_FORM, 'must be 4 to 2048 letters, digits, dots, dashes or underscores')),
);
const Redirect = z._default(RedirectUrl, 'http://127.0.0.1/');
const Mode = z._default(RedirectMode, 'seal');
const Market = z._default(z.enum(MARKET_IDS), 'nse-fo');

function listOf(isItem: (text: string) => boolean, message: string) {
  return z._default(
    z.string().check(
      z.maxLength(1_000),
      z.refine((text) => itemsOf(text).every(isItem), message),
    ),
    '',
  );
}

/** The items of a list that is divided by commas. */
export function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const PublicUrl = DestinationUrl.check(
  z.refine(
    (text) => /\/session$/.test(text) && !text.includes('?'),
    'must be the full address of /session, for example https://bell.example.net/session',
  ),
);

const isHost = (text: string) => parseHost(text) !== null;

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 && bits >= 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  );
}

/** Every variable that this backend reads. */
export const Settings = z.object({
  PORT: z._default(z.string().check(z.refine(isPort, 'must be a port number from 0 to 65535')), '8787'),
  BIND: z._default(Bind, '127.0.0.1'),
  LOG_LEVEL: z._default(LogLevel, 'info'),
  DATA_DIR: z._default(z.string(), '.data'),
  DATABASE_URL: z.optional(z.string().check(z.refine(isPostgres, 'must be an address that begins with postgres://'))),
  KEY_FILE: z.optional(z.string().check(z.maxLength(500))),
  ROLE: z._default(Role, 'both'),
  PUBLIC_URL: z.optional(PublicUrl),
  ALLOWED_HOSTS: listOf(isHost, 'must list names, such as backend.internal or 10.1.2.3:8787, divided by commas'),
  TRUSTED_PROXIES: listOf(
    isNetwork,
    'must list addresses or networks, such as 10.0.0.5 or 10.0.0.0/8, divided by commas',
  ),
  BREEZE_STREAMS: z._default(z.string().check(z.maxLength(500)), '4.1!NIFTY 50'),
  ADMIN_PASSWORD: z.optional(
    z.string().check(
      z.minLength(8),
      z.maxLength(200),
      z.refine((text) => !isPlaceholder(text), 'still holds a placeholder: put your own value there'),
    ),
  ),
  SAVE_TOKEN_TO_ENV: z.optional(z.string().check(z.maxLength(500))),
  ALERT_WEBHOOK_URL: z.optional(DestinationUrl),
  ...ReminderSettings.shape,
  FALLBACK_DATA: z._default(z.enum(['yahoo', 'off']), 'yahoo'),
  FEED: z._default(z.enum(['on', 'off']), 'on'),
});
export type Settings = z.infer<typeof Settings>;

/** The variables of one account, without what they begin with. */
export const AccountSettings = z.object({
  API_KEY: Key,
  API_SECRET: Key,
  USER_ID: User,
  REDIRECT_URL: Redirect,
  REDIRECT_MODE: Mode,
  ORDER_MARKET: Market,
  TOKEN,
});

export type AccountSettings = z.infer<typeof AccountSettings>;

/** The same with what the broker's app has beside key and secret. */
export function accountSettings(more: readonly string[]) {
  return z.extend(AccountSettings, Object.fromEntries(more.map((name) => [name, Key])));
}

/** The variable in which a session is kept for other programs: an access token, or the token that is good for the day. */
export function tokenVariable(account: AccountName): string {
  return variableOf(account, 'TOKEN');
}

/** The variable of one of these settings: `ZERODHA_API_KEY`, and `ZERODHA_MEERA_API_KEY` for a further account. */
export function variableOf(account: AccountName, setting: string): string {
  const { variables, token } = brokers[brokerOf(account)];
  const label = labelOf(account)?.toUpperCase();
  const name = setting !== 'TOKEN' ? setting : token.kind === 'day' ? 'SESSION_TOKEN' : 'ACCESS_TOKEN';
  return [variables.prefix, ...(label === undefined ? [] : [label]), name].join('_');
}

/** Every variable of one account. */
export function accountVariables(account: AccountName): string[] {
  const { more } = brokers[brokerOf(account)].variables;
  return [...Object.keys(AccountSettings.shape), ...more].map((setting) => variableOf(account, setting));
}

/** The variable that names the further accounts of a broker. */
export function listVariable(broker: BrokerId): string {
  return `${brokers[broker].variables.prefix}_ACCOUNTS`;
}

/** The variables of the whole, and those of each broker's first account. */
export const VARIABLES: readonly string[] = [
  ...Object.keys(Settings.shape),
  ...BROKER_IDS.flatMap((broker) => [...accountVariables(broker), listVariable(broker)]),
];

function isPostgres(value: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
