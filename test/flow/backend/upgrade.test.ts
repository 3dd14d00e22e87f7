import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBackend } from '../../../backend/src/backend.ts';
import { householdEnv } from '../../support/backend/household.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import { programKey } from '../../support/backend/program-key.ts';
import { KEYS, temporaryDir } from './harness.ts';

const PAIR = resolve(import.meta.dirname, '../../../backend/src/pair.ts');
const FIXTURES = resolve(import.meta.dirname, '../../fixtures');
const run = promisify(execFile);

/** What a backend of one account a broker has written, before further accounts were known. */
const before: {
  at: string;
  files: Record<string, string>;
  pairings: string[];
  accessToken: string;
  accounts: unknown[];
} = JSON.parse(readFileSync(join(FIXTURES, 'one-account-each.json'), 'utf8'));

describe('a store of one account a broker', () => {
  let dir: ReturnType<typeof temporaryDir>;
  let close: () => Promise<void>;
  beforeEach(() => {
    dir = temporaryDir();
    close = async () => {};
  });
  afterEach(async () => {
    await close();
    dir.remove();
  });

  /** Starts on a copy of that store, at the moment after it was written. */
  async function startOn(env: Record<string, string> = {}): Promise<string> {
    const db = new DatabaseSync(join(dir.path, 'opening-bell.sqlite'));
    db.exec(readFileSync(join(FIXTURES, 'one-account-each.sql'), 'utf8'));
    db.close();
    for (const [file, text] of Object.entries(before.files))
      writeFileSync(join(dir.path, file), `${text}\n`, { mode: 0o600 });
    const settings = { ...KEYS, PORT: '0', DATA_DIR: dir.path, FEED: 'off', FALLBACK_DATA: 'off', ...env };
    const started = await startBackend(settings, { log: () => {}, now: () => Date.parse(before.at) });
    ({ close } = started);
    return `http://127.0.0.1:${started.port}`;
  }

  it.each([
    ['as it was', {}],
    ['with further accounts beside it', householdEnv()],
  ])('reads the same after an upgrade, %s', async (_name, further) => {
    // The first accounts keep what they were told: no user is named for them.
    const { ZERODHA_USER_ID: _kite, BREEZE_USER_ID: _breeze, ...rest } = further as Record<string, string>;
    const url = await startOn(rest);
    const { accounts } = await (await fetch(`${url}/status`)).json();
    const firsts = accounts.filter(({ label }: { label: string | null }) => label === null);
    expect(firsts).toMatchObject(before.accounts);
    const headers = programKey(dir.path);
    const session = await (await fetch(`${url}/session/zerodha`, { headers })).json();
    expect(session).toMatchObject({ access_token: before.accessToken, generation: 1 });
    const { jobs } = await (await fetch(`${url}/queue`, { headers })).json();
    expect(jobs.map((job: Record<string, string>) => `${job.account} ${job.type} ${job.state}`)).toEqual([
      'icici profile parked',
      'zerodha profile done',
    ]);
    const env = { ...PROCESS_ENV, ...KEYS, ...rest, DATA_DIR: dir.path, PORT: '8787' };
    const { stdout } = await run(process.execPath, [PAIR], { cwd: dir.path, env });
    expect(stdout.trim().split('\n')).toEqual(expect.arrayContaining(before.pairings));
    expect(stdout.trim().split('\n')).toHaveLength(accounts.length);
  });
});
