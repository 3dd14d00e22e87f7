import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../backend/src/config/config.ts';
import { readGiven } from '../../../backend/src/config/environment.ts';
import { explain } from '../../../backend/src/config/problems.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

const KITE = { ZERODHA_API_KEY: 'key', ZERODHA_API_SECRET: 'kite-secret' };
const MAIL = { REMIND_MAIL_FROM: 'bell@example.net', REMIND_MAIL_TO: 'me@example.net' };
const BREEZE = { BREEZE_API_KEY: 'key ', BREEZE_API_SECRET: 'breeze-secret' };

function problem(env: Record<string, string>): string {
  const config = readConfig(env);
  return explain(config.ok ? config.value.broken.flatMap(({ problems }) => problems) : config.problems);
}

describe('the configuration', () => {
  it('needs no more than one broker', () => {
    expect(readConfig(KITE)).toMatchObject({
      ok: true,
      value: {
        port: 8787,
        dataDir: '.data',
        databaseUrl: null,
        keyFile: null,
        role: 'both',
        publicUrl: null,
        accounts: [
          {
            name: 'zerodha',
            user: null,
            redirectUrl: 'http://127.0.0.1/',
            redirectMode: 'seal',
            orderMarket: 'nse-fo',
          },
        ],
      },
    });
  });

  it('keeps a Breeze key as it is, a trailing blank included', () => {
    expect(readConfig(BREEZE)).toMatchObject({ ok: true, value: { accounts: [{ name: 'icici', apiKey: 'key ' }] } });
  });

  it.each([
    [{}, 'configuration names no broker: set ZERODHA_API_KEY and ZERODHA_API_SECRET, or those of another broker'],
    [{ ZERODHA_API_KEY: '', ZERODHA_API_SECRET: '' }, 'configuration names no broker'],
    [{ ZERODHA_API_KEY: 'key' }, 'ZERODHA_API_SECRET is missing, since ZERODHA_API_KEY is set'],
    [{ ZERODHA_API_SECRET: 'secret' }, 'ZERODHA_API_KEY is missing, since ZERODHA_API_SECRET is set'],
    [{ ...KITE, BREEZE_API_KEY: 'key' }, 'BREEZE_API_SECRET is missing, since BREEZE_API_KEY is set'],
    [{ ...KITE, BREEZE_API_SECRET: 'secret' }, 'BREEZE_API_KEY is missing, since BREEZE_API_SECRET is set'],
    [{ ...KITE, PORT: '8787x' }, 'PORT must be a port number from 0 to 65535'],
    [{ ...KITE, PORT: '70000' }, 'PORT must be a port number from 0 to 65535'],
    [{ ...KITE, BIND: '192.168.1.5' }, 'BIND must be "127.0.0.1" or "0.0.0.0"'],
    [{ ...KITE, LOG_LEVEL: 'verbose' }, 'LOG_LEVEL must be "debug" or "info" or "warn" or "error" or "silent"'],
    [{ ...KITE, PUBLIC_URL: 'http://example.com/session' }, 'PUBLIC_URL must be an https URL, or http on 127.0.0.1'],
    ...[
      'https://b.example/',
      'https://b.example/session/',
      'https://b.example/session?a=1',
      'https://b.example/sessions',
    ].map((PUBLIC_URL): [Record<string, string>, string] => [
      { ...KITE, PUBLIC_URL },
      'PUBLIC_URL must be the full address of /session, for example https://bell.example.net/session',
    ]),
    [{ ...KITE, ALLOWED_HOSTS: 'https://backend.internal' }, 'ALLOWED_HOSTS must list names'],
    [{ ...KITE, ALLOWED_HOSTS: 'backend internal' }, 'ALLOWED_HOSTS must list names'],
    [{ ...KITE, TRUSTED_PROXIES: 'proxy.internal' }, 'TRUSTED_PROXIES must list addresses or networks'],
    [{ ...KITE, TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES must list addresses or networks'],
    [{ ...KITE, DATA_DIR: 'da\u200bta' }, 'DATA_DIR holds a character that nobody sees (U+200B): type it anew'],
    [{ ...KITE, ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD must be at least 8 characters long'],
    ...['change-me', '<your password>', 'your-password', 'replaceme'].map(
      (ADMIN_PASSWORD): [Record<string, string>, string] => [
        { ...KITE, ADMIN_PASSWORD },
        'ADMIN_PASSWORD still holds a placeholder',
      ],
    ),
    [
      { ...KITE, ALERT_WEBHOOK_URL: 'http://example.com/' },
      'ALERT_WEBHOOK_URL must be an https URL, or http on 127.0.0.1',
    ],
    [{ ...KITE, ROLE: 'feeder' }, 'ROLE must be "api" or "worker" or "both"'],
    [
      { ...KITE, DATABASE_URL: 'mysql://u:kite-secret@h/db', KEY_FILE: 'key' },
      'DATABASE_URL must be an address that begins with postgres://',
    ],
    [
      { ...KITE, DATABASE_URL: 'postgres://u:kite-secret@h/db' },
      'KEY_FILE is missing, since DATABASE_URL is set: every machine has to encrypt tokens with the same key',
    ],
    [{ ...KITE, REMIND_AT: '8.45' }, 'REMIND_AT must be a time in India, like 08:45'],
    [{ ...KITE, REMIND_QUIET: '22:00' }, 'REMIND_QUIET must be two times, like 22:00-07:00, or off'],
    [{ ...KITE, REMIND_QUIET: '22:00-22:00' }, 'REMIND_QUIET must be two times'],
    // The hours the wrong way round, a time after the market, one that MCX alone has.
    [{ ...KITE, REMIND_QUIET: '07:00-22:00' }, 'REMIND_QUIET leaves no minute between REMIND_AT and 15:40'],
    [{ ...KITE, REMIND_QUIET: '08:45-15:40' }, 'REMIND_QUIET leaves no minute between REMIND_AT and 15:40'],
    [{ ...KITE, REMIND_AT: '20:45' }, 'REMIND_AT must be before 15:40, when the market of REMIND_MARKET closes'],
    [{ ...KITE, REMIND_AT: '23:30', REMIND_MARKET: 'mcx' }, 'REMIND_AT must be before 23:30'],
    [{ ...KITE, REMIND_HOLIDAYS: '2027-02-30' }, 'REMIND_HOLIDAYS must list days, such as 2027-01-26'],
    [{ ...KITE, REMIND_WHEN: 'never' }, 'REMIND_WHEN must be "browser-closed" or "always"'],
    [{ ...KITE, REMIND_MARKET: 'bse' }, 'REMIND_MARKET must be "nse-fo" or'],
    [
      { ...KITE, REMIND_NTFY_URL: 'https://ntfy.sh/' },
      'REMIND_NTFY_URL must end in a topic, like https://ntfy.sh/my-topic',
    ],
    [{ ...KITE, REMIND_NTFY_URL: 'http://ntfy.sh/bell' }, 'REMIND_NTFY_URL must be an https URL'],
    [{ ...KITE, REMIND_NTFY_TOKEN: 'tk_1' }, 'REMIND_NTFY_URL is missing, since REMIND_NTFY_TOKEN is set'],
    [{ ...KITE, REMIND_NTFY_TOKEN: 'a b' }, 'REMIND_NTFY_TOKEN must be up to 200 letters, digits and signs'],
    [{ ...KITE, REMIND_TELEGRAM_TOKEN: 'bot1' }, 'REMIND_TELEGRAM_TOKEN must be the token that @BotFather gave'],
    [{ ...KITE, REMIND_TELEGRAM_CHAT: '12' }, 'REMIND_TELEGRAM_TOKEN is missing, since REMIND_TELEGRAM_CHAT is set'],
    [{ ...KITE, REMIND_SLACK_URL: 'hooks.slack.com' }, 'REMIND_SLACK_URL must be an https URL'],
    [{ ...KITE, REMIND_MAIL_SERVER: 'mail.example.net' }, 'REMIND_MAIL_SERVER must be like smtps://user:password@'],
    // Signs of an address in a password: the server would be *me*, at port 1234.
    ...['me:1234#kite-secret', 'me:1234/kite-secret', 'me:1234?kite-secret', 'me:100%kite-secret'].map(
      (user): [Record<string, string>, string] => [
        { ...KITE, REMIND_MAIL_SERVER: `smtps://${user}@mail.example.net` },
        'REMIND_MAIL_SERVER has a sign in its user or password that is written otherwise in an address',
      ],
    ),
    [{ ...KITE, REMIND_MAIL_TO: 'me' }, 'REMIND_MAIL_TO must be one e-mail address'],
    [{ ...KITE, REMIND_MAIL_TO: 'a@b.example' }, 'REMIND_MAIL_SERVER is missing, since REMIND_MAIL_TO is set'],
    [{ ...KITE, FALLBACK_DATA: 'on' }, 'FALLBACK_DATA must be "yahoo" or "off"'],
    [{ ...KITE, ZERODHA_API_KEY: 'k'.repeat(201) }, 'ZERODHA_API_KEY must be at most 200 characters long'],
    [{ ...KITE, ZERODHA_USER_ID: 'AB 12' }, 'ZERODHA_USER_ID must be 2 to 40 letters and digits'],
    [{ ...KITE, ZERODHA_REDIRECT_URL: '127.0.0.1' }, 'ZERODHA_REDIRECT_URL must be the full URL'],
    [{ ...KITE, ZERODHA_REDIRECT_MODE: 'open' }, 'ZERODHA_REDIRECT_MODE must be "seal" or "forward"'],
    [{ ...KITE, ZERODHA_ORDER_MARKET: 'MCX' }, 'ZERODHA_ORDER_MARKET must be "nse-fo" or "nse-equity" or "currency"'],
    [{ ...BREEZE, BREEZE_USER_ID: '-' }, 'BREEZE_USER_ID must be 2 to 40 letters and digits'],
    [
      { ...KITE, PAYTM_API_KEY: 'k', PAYTM_API_SECRET: 's', PAYTM_USER_ID: '1234567' },
      'PAYTM_USER_ID cannot be compared, since Paytm Money names no user: leave it out',
    ],
    [{ ...BREEZE, BREEZE_REDIRECT_URL: 'ftp://x' }, 'BREEZE_REDIRECT_URL must be the full URL'],
    [{ ...BREEZE, BREEZE_REDIRECT_MODE: 'x' }, 'BREEZE_REDIRECT_MODE must be "seal" or "forward"'],
    [{ ...BREEZE, BREEZE_STREAMS: 'x'.repeat(501) }, 'BREEZE_STREAMS must be at most 500 characters long'],
  ])('%j: %s', (env: Record<string, string>, expected) => {
    expect(problem(env)).toContain(expected);
    expect(problem(env)).not.toContain('kite-secret');
  });

  it.each<Record<string, string>>([
    { REMIND_AT: '06:30' },
    { REMIND_AT: '20:45', REMIND_MARKET: 'mcx' },
    { REMIND_QUIET: '09:00-15:40' },
    { REMIND_QUIET: 'off', REMIND_AT: '15:39' },
    { REMIND_MAIL_SERVER: 'smtps://me%40example.net:a%23b%25c@mail.example.net:465/', ...MAIL },
    { REMIND_MAIL_SERVER: 'smtp://me@example.net:p@ss@mail.example.net', ...MAIL },
  ])('%j says something, sometime', (env) => expect(readConfig({ ...KITE, ...env }).ok).toBe(true));

  it.each([
    ['ZERODHA_REDIRCT_URL', 'ZERODHA_REDIRECT_URL'],
    ['ZERODHA_REDIRECT_URI', 'ZERODHA_REDIRECT_URL'],
    ['ZERODHA_USERID', 'ZERODHA_USER_ID'],
    ['BREEZE_REDIRECT_MDOE', 'BREEZE_REDIRECT_MODE'],
    ['BREZE_API_KEY', 'BREEZE_API_KEY'],
    ['BREEZE_STREAM', 'BREEZE_STREAMS'],
  ])('names %s, where %s is meant', (slip, meant) => {
    expect(problem({ ...KITE, [slip]: 'x' })).toBe(`${slip} is not a variable of this backend, ${meant} is`);
  });

  it('names a slip beside everything else that is wrong', () => {
    expect(problem({ ...KITE, PORT: 'x', BREEZE_STREAM: 'x' })).toBe(
      'PORT must be a port number from 0 to 65535; BREEZE_STREAM is not a variable of this backend, BREEZE_STREAMS is',
    );
  });

  it.each([
    ['a variable of somebody else', { KITE_API_KEY: 'x', ZERODHA_POSTBACK_URL: 'x', ZERODHA_USER_PIN: 'x' }],
    ['a slip in a name that other programs use too', { LOGLEVEL: 'x', PUBLIC_URI: 'x', PRT: '1', DATADIR: 'x' }],
    ['a second account of another program', { ZERODHA_USER_ID2: 'x', BREEZE_USER_ID_1: 'x' }],
    ['a twin of one that is set', { ZERODHA_USER_ID: 'AB1234', ZERODHA_USERID: 'AB1234' }],
    ['an empty slip', { ZERODHA_REDIRCT_URL: '' }],
  ])('does not mind %s', (_name, more: Record<string, string>) => expect(problem({ ...KITE, ...more })).toBe(''));

  it.each(['…', '...', 'your_api_key', 'your-key-here', 'changeme', 'CHANGE_ME', '<api key>', 'xxxx', 'TODO'])(
    'names the placeholder %s',
    (value) => {
      const message = 'still holds a placeholder: put your own value there';
      expect(problem({ ...KITE, ZERODHA_API_SECRET: value })).toBe(`ZERODHA_API_SECRET ${message}`);
      expect(problem({ ...KITE, BREEZE_API_KEY: value, BREEZE_API_SECRET: 's' })).toBe(`BREEZE_API_KEY ${message}`);
    },
  );

  it.each(["'real-secret'", '"real-secret"', '“real-secret”', '‘real-secret’'])('names the quotes of %s', (value) => {
    expect(problem({ ...KITE, ZERODHA_API_SECRET: value })).toBe(
      'ZERODHA_API_SECRET is in quotes, which are not part of it: remove them',
    );
  });

  it.each(['a\u2011b', '\u0430bc', 'key\u2013x', 'k\u00e9y', '\uff41bc', '१२३'])(
    'names what no key has in %s',
    (value) => {
      const message = 'holds a letter or sign that no key has, though it may look like one: type it anew';
      expect(problem({ ...KITE, BREEZE_API_KEY: value, BREEZE_API_SECRET: 's' })).toBe(`BREEZE_API_KEY ${message}`);
      expect(problem({ ...KITE, ZERODHA_API_SECRET: value })).toBe(`ZERODHA_API_SECRET ${message}`);
    },
  );

  it.each(['8g791%5EN029R47I831B8153%3D%5EO2f%237u8g', 'k%2Bx', 'k%252Bx', 'a%28b%29', 'ends%20'])(
    'names a key that stands as in an address: %s',
    (value) => {
      const message = 'is encoded as it stands in an address, like %2B for +: write it as the broker shows it';
      expect(problem({ ...KITE, BREEZE_API_KEY: value, BREEZE_API_SECRET: 's' })).toBe(`BREEZE_API_KEY ${message}`);
    },
  );

  it.each(['8g791^N029R47I831B8153=^O2f#7u8g', '5%2Bx#9', '100%', 'a%zz', 'k%4a', "!~*'()%"])(
    'takes a key of ICICI’s own letters: %s',
    (value) => expect(problem({ ...KITE, BREEZE_API_KEY: value, BREEZE_API_SECRET: 's' })).toBe(''),
  );

  it('reads .env beneath the environment, where an empty variable counts as not set', () => {
    const dir = temporaryDir();
    mkdirSync(dir.path, { recursive: true });
    writeFileSync(join(dir.path, '.env'), "PORT=1\nDATA_DIR=from-file\nBREEZE_API_KEY='a#=b '\n");
    const { env } = readGiven({ PORT: '2', DATA_DIR: '' }, dir.path);
    dir.remove();
    expect(env).toEqual({ PORT: '2', DATA_DIR: 'from-file', BREEZE_API_KEY: 'a#=b ' });
  });
});
