import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountName, brokerOf } from '../../../backend/src/config/account-name.ts';
import { readConfig } from '../../../backend/src/config/config.ts';
import { readGiven } from '../../../backend/src/config/environment.ts';
import { explain } from '../../../backend/src/config/problems.ts';
import { BROKER_IDS } from '../../../utils/shared/brokers/index.ts';
import { KEYS, temporaryDir } from '../../flow/backend/harness.ts';

const SPOUSE = { ZERODHA_SPOUSE_API_KEY: 'key2', ZERODHA_SPOUSE_API_SECRET: 'secret2' };
const HUF = { ZERODHA_HUF_API_KEY: 'key3', ZERODHA_HUF_API_SECRET: 'secret3' };
const HOUSEHOLD = { ...KEYS, ZERODHA_ACCOUNTS: 'spouse, huf', ...SPOUSE, ...HUF };

/** The accounts that run, and of each that does not, what is wrong; or what stops the start. */
function read(env: Record<string, string>) {
  const config = readConfig(env);
  if (!config.ok) return { stops: explain(config.problems) };
  const { accounts, broken } = config.value;
  return {
    run: accounts.map(({ name }) => name),
    leftOut: Object.fromEntries(broken.map(({ name, problems }) => [name, explain(problems)])),
  };
}

describe('the accounts of a household', () => {
  it('stand in the same file, the first of a broker as before', () => {
    expect(read(HOUSEHOLD)).toEqual({ run: ['zerodha', 'zerodha-spouse', 'zerodha-huf', 'icici'], leftOut: {} });
    expect(readConfig({ ...HOUSEHOLD, ZERODHA_SPOUSE_USER_ID: 'EF9012' })).toMatchObject({
      value: {
        accounts: [
          { name: 'zerodha', apiKey: KEYS.ZERODHA_API_KEY, user: null, userVariable: 'ZERODHA_USER_ID' },
          { name: 'zerodha-spouse', apiKey: 'key2', user: 'EF9012', userVariable: 'ZERODHA_SPOUSE_USER_ID' },
          { name: 'zerodha-huf', apiKey: 'key3' },
          { name: 'icici' },
        ],
      },
    });
  });

  it('need no first account beside them', () => {
    expect(read({ ZERODHA_ACCOUNTS: 'spouse', ...SPOUSE })).toEqual({ run: ['zerodha-spouse'], leftOut: {} });
  });

  it('may bear one name at two brokers, each with what its broker asks for', () => {
    const dhan = { DHAN_ACCOUNTS: 'spouse', DHAN_SPOUSE_API_KEY: 'k', DHAN_SPOUSE_API_SECRET: 's' };
    const both = { ...HOUSEHOLD, ...dhan };
    expect(read(both)).toMatchObject({
      leftOut: { 'dhan-spouse': 'DHAN_SPOUSE_CLIENT_ID is missing, since DHAN_SPOUSE_API_KEY is set' },
    });
    expect(read({ ...both, DHAN_SPOUSE_CLIENT_ID: '1' })).toMatchObject({
      run: expect.arrayContaining(['zerodha-spouse', 'dhan-spouse']),
      leftOut: {},
    });
  });

  it.each([
    [
      'nothing at all',
      { ZERODHA_HUF_API_KEY: '', ZERODHA_HUF_API_SECRET: '' },
      'is missing, since ZERODHA_ACCOUNTS names huf',
    ],
    [
      'no secret',
      { ZERODHA_HUF_API_SECRET: '' },
      'ZERODHA_HUF_API_SECRET is missing, since ZERODHA_HUF_API_KEY is set',
    ],
    ['a placeholder', { ZERODHA_HUF_API_KEY: 'your_api_key' }, 'ZERODHA_HUF_API_KEY still holds a placeholder'],
    ['a wrong user', { ZERODHA_HUF_USER_ID: '-' }, 'ZERODHA_HUF_USER_ID must be 2 to 40 letters and digits'],
    ['a wrong address', { ZERODHA_HUF_REDIRECT_URL: 'x' }, 'ZERODHA_HUF_REDIRECT_URL must be the full URL'],
    [
      'a slip',
      { ZERODHA_HUF_USERID: 'AB1234' },
      'ZERODHA_HUF_USERID is not a variable of this backend, ZERODHA_HUF_USER_ID is',
    ],
    [
      'a character that nobody sees',
      { ZERODHA_HUF_API_KEY: 'a\u200bb' },
      'ZERODHA_HUF_API_KEY holds a character that nobody sees',
    ],
  ])('with %s in one leave the others running', (_name, wrong: Record<string, string>, says) => {
    const found = read({ ...HOUSEHOLD, ...wrong });
    expect(found).toEqual({
      run: ['zerodha', 'zerodha-spouse', 'icici'],
      leftOut: { 'zerodha-huf': expect.stringContaining(says) },
    });
    expect(JSON.stringify(found)).not.toContain('secret3');
  });

  it('stop with what is for all of them, and where none is left', () => {
    expect(read({ ...HOUSEHOLD, PORT: 'x', ZERODHA_HUF_USER_ID: '-' })).toEqual({
      stops: 'PORT must be a port number from 0 to 65535; ZERODHA_HUF_USER_ID must be 2 to 40 letters and digits',
    });
    expect(read({ ZERODHA_ACCOUNTS: 'spouse', ZERODHA_SPOUSE_API_KEY: 'k' })).toEqual({
      stops: 'ZERODHA_SPOUSE_API_SECRET is missing, since ZERODHA_SPOUSE_API_KEY is set',
    });
  });

  it.each([
    ['Spouse', 'must list names'],
    ['my spouse', 'must list names'],
    ['spouse-2', 'must list names'],
    ['2nd', 'must list names'],
    ['पत्नी', 'must list names'],
    ['a'.repeat(21), 'must list names'],
    ['spouse,huf,spouse', 'names spouse twice'],
  ])('cannot be called %s', (list, says) => {
    expect(read({ ...HOUSEHOLD, ZERODHA_ACCOUNTS: list }).stops).toContain(`ZERODHA_ACCOUNTS ${says}`);
  });

  it('cannot be called by a name whose variable means something else', () => {
    expect(read({ ...KEYS, FIVEPAISA_ACCOUNTS: 'app' }).stops).toBe(
      'FIVEPAISA_ACCOUNTS cannot name app, since FIVEPAISA_APP_USER_ID means something else: take another name',
    );
  });

  it('have names that tell their broker, whatever is listed, and no two alike', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/);
    const lists = fc.dictionary(
      fc.constantFrom('ZERODHA', 'BREEZE', 'UPSTOX'),
      fc.uniqueArray(label, { maxLength: 4 }),
    );
    fc.assert(
      fc.property(lists, (listed) => {
        const env = Object.entries(listed).flatMap(([prefix, labels]) => [
          [`${prefix}_ACCOUNTS`, labels.join(',')],
          ...labels.flatMap((one) =>
            ['API_KEY', 'API_SECRET'].map((setting) => [`${prefix}_${one.toUpperCase()}_${setting}`, 'x1']),
          ),
        ]);
        const { run = [], leftOut } = read({ ...KEYS, ...Object.fromEntries(env) });
        const expected = 2 + Object.values(listed).flat().length;
        return (
          run.length === expected &&
          new Set(run).size === expected &&
          Object.keys(leftOut ?? {}).length === 0 &&
          run.every((name) => AccountName.safeParse(name).success && BROKER_IDS.includes(brokerOf(name)))
        );
      }),
    );
  });

  it.each(['zerodha', 'icici-spouse', 'zerodha-a1'])('%s is a name', (name) =>
    expect(AccountName.safeParse(name).success).toBe(true),
  );
  it.each([
    '',
    'spouse',
    'zerodha-',
    '-spouse',
    'zerodha-spouse-2',
    'zerodha-Spouse',
    'zerodhaspouse',
    'kite-spouse',
    7,
    null,
  ])('%j is none', (name) => expect(AccountName.safeParse(name).success).toBe(false));
});

describe('a household in .env', () => {
  let dir: ReturnType<typeof temporaryDir>;
  beforeEach(() => {
    dir = temporaryDir();
  });
  afterEach(() => dir.remove());

  function given(text: string) {
    writeFileSync(join(dir.path, '.env'), text);
    return readGiven({}, dir.path);
  }
  const FIRST = 'ZERODHA_API_KEY=key\nZERODHA_API_SECRET=secret\n';

  it('is read with quotes and comments as every variable is', () => {
    const { config, notes } = given(
      `${FIRST}ZERODHA_ACCOUNTS=spouse,huf # two more\nZERODHA_SPOUSE_API_KEY='a#b'\nZERODHA_SPOUSE_API_SECRET=s\n` +
        'export ZERODHA_HUF_API_KEY=h\nZERODHA_HUF_API_SECRET="t"\n',
    );
    expect(notes).toEqual([]);
    expect(config).toMatchObject({
      value: {
        broken: [],
        accounts: [{}, { name: 'zerodha-spouse', apiKey: 'a#b' }, { name: 'zerodha-huf', apiKey: 'h' }],
      },
    });
  });

  it('leaves an account out whose line the readers take in more than one way', () => {
    const { config } = given(
      `${FIRST}ZERODHA_ACCOUNTS=spouse\nZERODHA_SPOUSE_API_KEY=a#b\nZERODHA_SPOUSE_API_SECRET=s\n`,
    );
    expect(config).toMatchObject({
      value: {
        accounts: [{ name: 'zerodha' }],
        broken: [{ name: 'zerodha-spouse', problems: [{ field: 'ZERODHA_SPOUSE_API_KEY' }] }],
      },
    });
  });

  it('leaves out both the account whose quotes are open and the one that they took in', () => {
    const { config } = given(
      "ZERODHA_ACCOUNTS=spouse\nZERODHA_API_KEY='key\nZERODHA_SPOUSE_API_KEY=k\nZERODHA_API_SECRET=secret'\n" +
        'ZERODHA_SPOUSE_API_SECRET=s\nBREEZE_API_KEY=b\nBREEZE_API_SECRET=c\n',
    );
    expect(config).toMatchObject({
      value: { accounts: [{ name: 'icici' }], broken: [{ name: 'zerodha' }, { name: 'zerodha-spouse' }] },
    });
  });

  it.each([
    ['ZERODHA_SPOUSE_API_KEY=k\nZERODHA_SPOUSE_API_SECRET=s\n', 'ZERODHA_ACCOUNTS names no spouse'],
    ['ZERODHA_ACCOUNT=spouse\n', 'ZERODHA_ACCOUNT is passed over: did you mean ZERODHA_ACCOUNTS?'],
  ])('says of %j that it is passed over', (text, says) => {
    const { config, notes } = given(`${FIRST}${text}`);
    expect(config).toMatchObject({ ok: true, value: { accounts: [{ name: 'zerodha' }], broken: [] } });
    expect(notes.join('\n')).toContain(says);
  });
});
