import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPairing } from '../../../utils/shared/pairing.ts';
import { createSender, KEYS, spawnBackend, temporaryDir } from './harness.ts';

const dir = temporaryDir();
afterAll(() => dir.remove());

/** Runs one of the two commands to its end. */
function run(
  command: 'main' | 'pair',
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  const script = resolve(import.meta.dirname, `../../../backend/src/${command}.ts`);
  return new Promise((done) => {
    const child = spawn(process.execPath, [script], { env: { PATH: process.env.PATH, ...env }, cwd: dir.path });
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
    expect(err).toContain('set ZERODHA_API_KEY and ZERODHA_API_SECRET, or BREEZE_API_KEY and BREEZE_API_SECRET');
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

  it('prints no pairing string where it is no terminal, and stops when told to', async () => {
    const backend = await spawnBackend({ DATA_DIR: dir.path }, dir.path);
    await backend.kill('SIGTERM');
    expect(backend.output()).toContain('To connect the extension, run: npm run pair');
    expect(backend.output()).toContain('backend.stopped');
    expect(backend.output()).not.toContain('obp1_');
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
