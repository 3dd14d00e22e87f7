import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { saveVariable } from '../../../../backend/src/compat/env-file/save.ts';
import { watchVariables } from '../../../../backend/src/compat/env-file/watch.ts';
import { type App, type PracticeBrokers, startPracticeBrokers } from '../../../brokers/index.ts';
import { APPS } from '../../../support/backend/practice.ts';
import { BREEZE, createSender, KITE, printed, type Spawned, spawnBackend, temporaryDir, until } from '../harness.ts';

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let file: string;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  brokers.breeze.register(BREEZE);
});
afterAll(() => brokers.close());
beforeEach(() => {
  dir = temporaryDir();
  file = join(dir.path, '.env');
});
afterEach(() => {
  dir.remove();
  brokers.kite.endSession();
  brokers.breeze.endSession();
  brokers.kite.forget();
});

describe('a token in the .env file', () => {
  let backend: Spawned;
  const start = async (env: Record<string, string> = {}) => {
    backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: join(dir.path, 'data'), ...env }, dir.path);
  };
  afterEach(() => backend.kill('SIGTERM'));

  const account = async (name: string) => {
    const { accounts } = await (await fetch(`${backend.url}/status`)).json();
    return accounts.find((one: { account: string }) => one.account === name);
  };
  const live = (name: string) =>
    until(
      () => account(name),
      ({ session, feed }) => session.state === 'verified' && feed.state === 'live',
    );
  /** An access token that another program got by its own login. */
  const accessToken = () => brokers.kite.open(KITE.apiKey, KITE.userId).accessToken;

  it('is taken up when it was written while the backend was down', async () => {
    writeFileSync(file, `ZERODHA_ACCESS_TOKEN=${accessToken()}\n`);
    await start();
    expect((await live('zerodha')).session.user).toBe('AB****');
    await printed(backend, '"session.taken_up","account":"zerodha","outcome":"applied"');
  });

  it('is taken up when it changes: the session replaced, the old socket ended, the three indices subscribed, a first tick', async () => {
    writeFileSync(file, `ZERODHA_ACCESS_TOKEN=${accessToken()}\n`);
    await start();
    const before = await live('zerodha');
    const token = accessToken();
    writeFileSync(file, `# rotated\nZERODHA_ACCESS_TOKEN="${token}"\n`);
    const [socket] = await until(
      async () =>
        [...brokers.kite.sockets].filter(
          ({ accessToken, subscribed }) => accessToken === token && subscribed.size === 3,
        ),
      ({ length }) => length === 1,
    );
    expect([...(socket?.subscribed.keys() ?? [])]).toEqual([256265, 260105, 265]);
    const after = await until(
      () => account('zerodha'),
      ({ feed }) => feed.state === 'live' && feed.first_tick_at !== before.feed.first_tick_at,
    );
    expect(Date.parse(after.feed.first_tick_at)).toBeGreaterThan(Date.parse(before.feed.first_tick_at));
    await until(
      async () => brokers.kite.sockets.size,
      (open) => open === 1,
    );
    expect(brokers.kite.exchanges).toEqual([]);
  });

  it('gives way at the start to the same variable of the process, and counts once it changes', async () => {
    writeFileSync(file, `ZERODHA_ACCESS_TOKEN=${accessToken()}\n`);
    const ofProcess = accessToken();
    await start({ ZERODHA_ACCESS_TOKEN: ofProcess });
    await live('zerodha');
    const inUse = async () => [...brokers.kite.sockets].map((socket) => socket.accessToken);
    expect(await inUse()).toEqual([ofProcess]);
    expect(backend.output()).not.toContain('"outcome":"refused"');
    const later = accessToken();
    writeFileSync(file, `ZERODHA_ACCESS_TOKEN=${later}\n`);
    await until(inUse, (tokens) => tokens.length === 1 && tokens[0] === later);
  });

  it('is exchanged where it is one of Breeze', async () => {
    await start();
    writeFileSync(file, `BREEZE_SESSION_TOKEN=${brokers.breeze.issue(BREEZE.apiKey)}\n`);
    expect((await live('icici')).session.user).toBe('CD****');
  });

  it('changes nothing when the broker refuses it: the session stays, and a box tells how to log in', async () => {
    await start();
    const sender = createSender(backend.url, join(dir.path, 'data'), 'zerodha');
    await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
    const before = await live('zerodha');
    writeFileSync(file, 'ZERODHA_ACCESS_TOKEN=TheTokenOfYesterdayWhichIsOver00\n');
    await until(
      async () => backend.output(),
      (text) => text.includes('"outcome":"refused"'),
    );
    expect((await account('zerodha')).session).toEqual(before.session);
    await printed(backend, 'ZERODHA REFUSES THE SESSION');
  });

  it.each(['flattrade', 'fivepaisa'] as const)('is shown to %s with the user who is named', async (id) => {
    const { apiKey, apiSecret, userId, more = {} } = APPS[id] as App;
    brokers.book(id).register(APPS[id]);
    const { session } = brokers.simple[id].exchange(apiKey, brokers.simple[id].issue(apiKey), () => true);
    const token = session?.accessToken ?? '';
    const own = { API_KEY: apiKey, API_SECRET: apiSecret, USER_ID: userId, ACCESS_TOKEN: token, ...more };
    await start(Object.fromEntries(Object.entries(own).map(([name, value]) => [`${id.toUpperCase()}_${name}`, value])));
    await printed(backend, `"session.taken_up","account":"${id}","outcome":"applied"`);
  });

  it('BCK-08 changes nothing when it is of another user', async () => {
    await start({ ZERODHA_USER_ID: 'ZZ9999' });
    writeFileSync(file, `ZERODHA_ACCESS_TOKEN=${accessToken()}\n`);
    await until(
      async () => backend.output(),
      (text) => text.includes('"outcome":"refused"'),
    );
    expect((await account('zerodha')).session.state).toBe('none');
  });

  it('is written where that is switched on, for both brokers, and is not taken up again', async () => {
    writeFileSync(file, 'MINE=1 # stays\n', { mode: 0o640 });
    await start({ SAVE_TOKEN_TO_ENV: '.env' });
    const zerodha = createSender(backend.url, join(dir.path, 'data'), 'zerodha');
    const icici = createSender(backend.url, join(dir.path, 'data'), 'icici');
    await zerodha.deliver(zerodha.captured(brokers.kite.issue(KITE.apiKey)));
    const apisession = brokers.breeze.issue(BREEZE.apiKey);
    await icici.deliver(icici.captured(apisession));
    const [accessTokenNow] = brokers.kite.sessions.keys();
    const written = await until(
      () => readFileSync(file, 'utf8'),
      (text) => text.includes('ZERODHA') && text.includes('BREEZE'),
    );
    expect(written).toBe(
      `MINE=1 # stays\nZERODHA_ACCESS_TOKEN='${accessTokenNow}'\nBREEZE_SESSION_TOKEN='${apisession}'\n`,
    );
    expect(statSync(file).mode & 0o777).toBe(0o640);
    await until(
      async () => backend.output().match(/"session\.taken_up".*"outcome":"known"/g) ?? [],
      ({ length }) => length === 2,
    );
    expect(brokers.kite.exchanges).toHaveLength(1);
    expect(backend.output()).not.toContain(accessTokenNow);
  });

  it('is written nowhere by itself', async () => {
    await start();
    const sender = createSender(backend.url, join(dir.path, 'data'), 'zerodha');
    await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
    await live('zerodha');
    expect(readdirSync(dir.path)).toEqual(['data']);
  });
});

describe('the watch on a .env file', () => {
  const writers: [string, (text: string) => void][] = [
    ['in place', (text) => writeFileSync(file, text)],
    [
      'in place, empty for a moment',
      (text) => {
        writeFileSync(file, '');
        setTimeout(() => writeFileSync(file, text), 20);
      },
    ],
    [
      'by another file in its place',
      (text) => {
        writeFileSync(`${file}.swp`, text);
        renameSync(`${file}.swp`, file);
      },
    ],
    [
      'after the old one was moved away',
      (text) => {
        renameSync(file, `${file}~`);
        writeFileSync(file, text);
      },
    ],
  ];

  it.each(writers)('sees what is written %s, each value once', async (_name, write) => {
    writeFileSync(file, 'TOKEN=one\n');
    const seen: string[] = [];
    const { first, end } = watchVariables(file, ['TOKEN'], (_variable, value) => seen.push(value));
    expect(first.TOKEN).toBe('one');
    write('TOKEN=two\nOTHER=1\n');
    await until(
      async () => seen,
      ({ length }) => length === 1,
    );
    write('TOKEN=two\nOTHER=2\n');
    write('TOKEN=three\n');
    await until(
      async () => seen,
      (all) => all.includes('three'),
    );
    end();
    expect(seen).toEqual(['two', 'three']);
  });
});

describe('saving a variable', () => {
  it('makes a file that only its owner can read', () => {
    expect(saveVariable(file, 'TOKEN', 'secret')).toBe('saved');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseEnv(readFileSync(file, 'utf8'))).toEqual({ TOKEN: 'secret' });
    expect(saveVariable(file, 'TOKEN', 'secret')).toBe('unchanged');
  });

  it('keeps mode and link, and leaves no draft behind', () => {
    mkdirSync(join(dir.path, 'real'));
    const real = join(dir.path, 'real', 'env');
    writeFileSync(real, 'A=1\n');
    chmodSync(real, 0o644);
    symlinkSync(real, file);
    expect(saveVariable(file, 'TOKEN', 'a')).toBe('saved');
    expect(readFileSync(real, 'utf8')).toBe("A=1\nTOKEN='a'\n");
    expect(statSync(real).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(dir.path, 'real'))).toEqual(['env']);
  });

  it('refuses what it cannot write, and fails without a word of the value', () => {
    writeFileSync(file, 'A=1\n');
    expect(saveVariable(file, 'TOKEN', "it's")).toBe('refused');
    expect(saveVariable(dir.path, 'TOKEN', 'a')).toBe('failed');
    expect(readFileSync(file, 'utf8')).toBe('A=1\n');
  });
});
