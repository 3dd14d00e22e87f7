import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPairing } from '../../../utils/shared/pairing.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import { startReceiver } from '../../support/backend/receivers.ts';
import { createSender, KEYS, spawnBackend, temporaryDir } from './harness.ts';

const dir = temporaryDir();
afterAll(() => dir.remove());

/** Runs one of the commands to its end. */
function run(
  command: 'main' | 'pair' | 'open' | 'key' | 'remind',
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const script = resolve(import.meta.dirname, `../../../backend/src/${command}.ts`);
  return new Promise((done) => {
    const child = spawn(process.execPath, [script, ...args], { env: { ...PROCESS_ENV, ...env }, cwd: dir.path });
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (said.out += chunk));
    child.stderr.on('data', (chunk) => (said.err += chunk));
    child.once('close', (code) => done({ code, ...said }));
  });
}

describe('npm run backend', () => {
  it('ends with the variables to set when nothing is configured', async () => {
    const { code, err } = await run('main', {});
    expect(code).toBe(1);
    expect(err).toContain('set ZERODHA_API_KEY and ZERODHA_API_SECRET, or those of another broker');
  });

  it('ends with a sentence when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, err } = await run('main', { ...KEYS, PORT: String(port), DATA_DIR: dir.path });
    other.close();
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^The port is in use, .* set PORT and pair again\.\n$/),
    });
  });

  it.each<[string, (at: string) => Record<string, string>, RegExp]>([
    [
      'a folder in /proc',
      () => ({ DATA_DIR: '/proc/x/y' }),
      /DATA_DIR: \/proc\/x\/y cannot be used \(ENOENT\): name a folder/,
    ],
    [
      'a file in the way of DATA_DIR',
      (at) => {
        writeFileSync(join(at, 'file'), '');
        return { DATA_DIR: join(at, 'file', 'data') };
      },
      /DATA_DIR: .*file\/data cannot be used \((?:ENOTDIR|EEXIST)\): a file stands in its way/,
    ],
    [
      'a file that is no database',
      (at) => {
        writeFileSync(join(at, 'opening-bell.sqlite'), 'no database at all, but long enough to be looked at');
        return { DATA_DIR: at };
      },
      /opening-bell\.sqlite: file is not a database/,
    ],
    [
      'a folder that is not there for SAVE_TOKEN_TO_ENV',
      (at) => ({ DATA_DIR: at, SAVE_TOKEN_TO_ENV: join(at, 'nowhere', '.env') }),
      /SAVE_TOKEN_TO_ENV: .*nowhere\/\.env cannot be written, since .*nowhere is no folder/,
    ],
    [
      'a folder in place of the file of SAVE_TOKEN_TO_ENV',
      (at) => ({ DATA_DIR: at, SAVE_TOKEN_TO_ENV: at }),
      /SAVE_TOKEN_TO_ENV: .* cannot be written, since it is no file/,
    ],
  ])('ends with a sentence that names %s', async (_name, set, sentence) => {
    const { path, remove } = temporaryDir();
    const { code, err } = await run('main', { ...KEYS, PORT: '0', ...set(path) });
    remove();
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(sentence) });
    expect(err).not.toContain('    at ');
  });

  it('names what it passes over, and starts', async () => {
    const own = temporaryDir();
    const backend = await spawnBackend({ DATA_DIR: own.path, LOGLEVEL: 'debug', PRT: '1' }, own.path);
    await backend.kill('SIGTERM');
    own.remove();
    expect(backend.output()).toContain('Note: LOGLEVEL is passed over: did you mean LOG_LEVEL?');
    expect(backend.stdout()).not.toContain('Note:');
  });

  it('sends nobody to a command that a worker has not', async () => {
    const own = temporaryDir();
    const worker = await spawnBackend({ DATA_DIR: own.path, ROLE: 'worker' }, own.path);
    await worker.kill('SIGTERM');
    expect(worker.output()).not.toMatch(/npm run (pair|backend:open)/);
    for (const command of ['pair', 'open'] as const) {
      const { code, out, err } = await run(command, { ...KEYS, DATA_DIR: own.path, ROLE: 'worker' });
      expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining('ROLE is worker') });
    }
    own.remove();
  });

  it('prints no pairing string and no one-time key where it is no terminal, and stops when told to', async () => {
    const backend = await spawnBackend({ DATA_DIR: dir.path }, dir.path);
    await backend.kill('SIGTERM');
    expect(backend.output()).toContain('To connect the extension, run: npm run pair');
    expect(backend.output()).toContain('backend.stopped');
    expect(backend.output()).toContain('npm run backend:open');
    expect(backend.output()).not.toContain('obp1_');
    expect(backend.output()).not.toContain('#key=');
  });
});

describe('npm run pair', () => {
  it('prints one string an account, which the running backend knows', async () => {
    const backend = await spawnBackend({ DATA_DIR: dir.path }, dir.path);
    const { code, out } = await run('pair', { ...KEYS, DATA_DIR: dir.path, PORT: new URL(backend.url).port });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => /^(zerodha|icici): (obp1_\S+)$/.exec(line));
    expect(code).toBe(0);
    expect(lines.map((match) => match?.[1])).toEqual(['zerodha', 'icici']);
    const pairing = readPairing(lines[0]?.[2] ?? '');
    expect(pairing).toMatchObject({ ok: true, value: { url: `${backend.url}/session`, expected_user: null } });
    expect(await createSender(backend.url, dir.path, 'zerodha').check()).toMatchObject({ session: { state: 'none' } });
    await backend.kill('SIGTERM');
  });

  it('names the variable that is wrong', async () => {
    const { code, out, err } = await run('pair', { ZERODHA_API_KEY: 'key' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('ZERODHA_API_SECRET is missing');
  });
});

describe('npm run backend:open', () => {
  it('prints an address that the running backend takes once, and one more for the public name', async () => {
    const own = temporaryDir();
    const env = { DATA_DIR: own.path, PUBLIC_URL: 'https://bell.example.net/sub/session' };
    const backend = await spawnBackend(env, own.path);
    const { out } = await run('open', { ...KEYS, ...env, PORT: new URL(backend.url).port });
    const links = out.trim().split('\n');
    expect(links.map((link) => link.split('#')[0])).toEqual([
      `${backend.url}/admin/login`,
      'https://bell.example.net/sub/admin/login',
    ]);
    const statuses = [];
    for (const link of [...links, ...links]) {
      const body = JSON.stringify({ key: link.split('#key=')[1] });
      const headers = { 'content-type': 'application/json' };
      statuses.push((await fetch(`${backend.url}/admin/key`, { method: 'POST', headers, body })).status);
    }
    expect(statuses).toEqual([200, 200, 401, 401]);
    await backend.kill('SIGTERM');
    own.remove();
  });
});

describe('npm run remind -- --try', () => {
  it('says which channel took its message and which did not, without a secret', async () => {
    const taking = await startReceiver();
    const refusing = await startReceiver();
    refusing.answer = { status: 403 };
    const env = {
      ...KEYS,
      DATA_DIR: dir.path,
      REMIND_NTFY_URL: `${taking.url}/bell`,
      REMIND_TELEGRAM_URL: refusing.url,
      REMIND_TELEGRAM_TOKEN: '123456:practice-token-of-a-bot',
      REMIND_TELEGRAM_CHAT: '4711',
    };
    const { code, out, err } = await run('remind', env, '--try');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: 'ntfy: its server took the message.\ntelegram: the message did not arrive. Its server answered 403.\n',
      err: '',
    });
    expect(taking.heard).toMatchObject([{ path: '/bell', headers: { title: 'Zerodha: a try' } }]);
    expect(refusing.heard).toHaveLength(1);
    await taking.close();
    await refusing.close();
  });

  it('ends with the variables to set where there is no channel', async () => {
    const { code, err } = await run('remind', { ...KEYS, DATA_DIR: dir.path }, '--try');
    expect(code).toBe(1);
    expect(err).toContain('No channel is set: set REMIND_NTFY_URL');
  });
});

describe('npm run backend:key', () => {
  it('prints the key of programs and that of the metrics', async () => {
    const own = temporaryDir();
    const env = { ...KEYS, DATA_DIR: own.path };
    expect((await run('key', env)).out).toMatch(/^obk_[\w-]{43}\n$/);
    expect((await run('key', env, 'metrics')).out).toMatch(/^obm_[\w-]{43}\n$/);
    own.remove();
  });
});
