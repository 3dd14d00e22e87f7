import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { missingPostgres, NO_POWER_CUT, type RunningPostgres, startPostgres } from '../../peers/postgres.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import { BREEZE, createSender, KEYS, KITE, type Spawned, spawnBackend, temporaryDir, until } from './harness.ts';

const RUN = resolve(import.meta.dirname, '../../../backend/src/run.mjs');

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
/** Where the first backend keeps everything. */
let data: string;
let backend: Spawned | null = null;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  brokers.breeze.register(BREEZE);
});
afterAll(() => brokers.close());
beforeEach(() => {
  dir = temporaryDir();
  data = join(dir.path, 'data');
});
afterEach(async () => {
  await backend?.kill('SIGTERM');
  backend = null;
  dir.remove();
  brokers.kite.endSession();
  brokers.kite.forget();
});

async function start(env: Record<string, string>): Promise<Spawned> {
  backend = await spawnBackend({ ...brokers.nodeEnv, ...env }, dir.path);
  return backend;
}

function running(): Spawned {
  return backend ?? expect.fail('no backend runs');
}

function run(command: string, env: Record<string, string>, ...args: string[]) {
  const given = { ...PROCESS_ENV, ...KEYS, ...env };
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, command, ...args], {
    env: given,
    cwd: dir.path,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

async function ask(path: string, init: RequestInit = {}) {
  const headers = { 'content-type': 'application/json', ...running().key() };
  return (await fetch(`${running().url}${path}`, { ...init, headers })).json();
}

const parked = { type: 'quote', account: 'icici', params: { instruments: ['NSE:NIFTY'] }, dedupe_key: 'kept' };
const park = () => ask('/queue', { method: 'POST', body: JSON.stringify(parked) });

/** A backend with a session, a delivery and a request that waits; gives what proves each of them. */
async function lived() {
  await start({ DATA_DIR: data });
  const sender = createSender(running().url, data, 'zerodha');
  const message = sender.captured(brokers.kite.issue(KITE.apiKey));
  await sender.deliver(message);
  await until(sender.check, ({ session }) => session.state === 'verified');
  const { job } = await park();
  return { message, job: job.id as string, accessToken: (await ask('/session/zerodha')).access_token as string };
}

/** The same, asked of a backend that has taken its place. */
async function expectKept({ message, job, accessToken }: Awaited<ReturnType<typeof lived>>, dataDir: string) {
  expect(await ask('/session/zerodha')).toMatchObject({ access_token: accessToken });
  const sender = createSender(running().url, dataDir, 'zerodha');
  expect(await sender.deliver(message)).toMatchObject({ status: 200, answer: { status: 'replayed' } });
  expect(brokers.kite.exchanges).toHaveLength(1);
  expect((await park()).job.id).toBe(job);
  const { job: later } = await ask('/queue', {
    method: 'POST',
    body: JSON.stringify({ ...parked, dedupe_key: 'later' }),
  });
  expect((await ask('/queue')).jobs.map(({ id }: { id: string }) => id).sort()).toEqual([job, later.id].sort());
}

describe('npm run backend:backup', () => {
  it('keeps a running backend’s sessions, queue and secrets in a folder of one’s own, which starts as it stands', async () => {
    const kept = await lived();
    const folder = join(dir.path, 'backup');
    expect(run('backup', { DATA_DIR: data }, folder)).toMatchObject({ status: 0 });
    await running().kill('SIGKILL');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of ['key', 'session-key', 'secret-zerodha', 'opening-bell.sqlite'])
      expect([file, statSync(join(folder, file)).mode & 0o077]).toEqual([file, 0]);
    const restored = join(dir.path, 'restored');
    cpSync(folder, restored, { recursive: true });
    await start({ DATA_DIR: restored });
    await expectKept(kept, restored);
  });

  it('ends with a sentence where the folder is there already, and where none is named', async () => {
    await start({ DATA_DIR: data });
    expect(run('backup', { DATA_DIR: data }, dir.path)).toEqual({
      status: 1,
      said: expect.stringMatching(/^The backup failed: EEXIST/),
    });
    expect(run('backup', { DATA_DIR: data })).toEqual({ status: 1, said: expect.stringMatching(/^Name a folder/) });
  });
});

describe.skipIf(missingPostgres().length > 0)('npm run backend:carry-over', () => {
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres(NO_POWER_CUT);
  });
  afterAll(() => postgres.close());

  it('carries everything to an empty Postgres, once', async () => {
    const kept = await lived();
    await running().kill('SIGTERM');
    const there = { DATA_DIR: data, DATABASE_URL: await postgres.database(), KEY_FILE: join(data, 'key') };
    const { status, said } = run('carry-over', there);
    expect({ status, said }).toMatchObject({ status: 0, said: expect.stringContaining('deliveries: 1\njobs: 1\n') });
    expect(run('carry-over', there)).toEqual({
      status: 1,
      said: expect.stringContaining('of DATABASE_URL is not empty'),
    });
    await start(there);
    await expectKept(kept, data);
  });

  it('carries nothing under another key, which could open no token', async () => {
    await start({ DATA_DIR: data });
    await running().kill('SIGTERM');
    const other = join(dir.path, 'other-key');
    writeFileSync(other, Buffer.alloc(32, 1).toString('base64'), { mode: 0o600 });
    const { status, said } = run('carry-over', {
      DATA_DIR: data,
      DATABASE_URL: await postgres.database(),
      KEY_FILE: other,
    });
    expect({ status, said }).toEqual({ status: 1, said: expect.stringContaining('KEY_FILE must hold the key of') });
  });
});

describe('the program that starts the others', () => {
  const source = readFileSync(RUN, 'utf8');

  it.each([
    ['20.20.2', 'needs Node 22.18 or newer, and this is Node 20.20.2'],
    ['22.17.1', 'needs Node 22.18 or newer, and this is Node 22.17.1'],
    ['23.5.0', 'needs Node 22.18 or newer, and this is Node 23.5.0'],
    ['22.18.0', 'Name one of: main,'],
    ['24.0.0', 'Name one of: main,'],
  ])('says on Node %s: %s', (version, sentence) => {
    const file = join(dir.path, 'run.mjs');
    writeFileSync(file, source.replaceAll('process.versions.node', `'${version}'`));
    const { status, stderr } = spawnSync(process.execPath, [file, 'nothing'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(sentence) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names every command of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8'));
    const named = Object.values<string>(scripts).flatMap((one) => /run\.mjs (\S+)/.exec(one)?.[1] ?? []);
    for (const command of named) {
      expect(source).toContain(`'${command}'`);
      expect(existsSync(join(RUN, '..', `${command}.ts`))).toBe(true);
    }
    expect(named.length).toBeGreaterThan(5);
  });
});
