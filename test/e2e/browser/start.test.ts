import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../../start/main.ts');

describe('npm start -- --headless', () => {
  it('walks the whole job, prints every link and what was retried, and ends with 0', async () => {
    const { code, output } = await run([]);
    expect(output).toMatch(
      /zerodha\n.*✓ captured .*ms\n.*✓ delivered .*ms\n.*✓ exchanged .*ms\n.*✓ verified .*ms\n.*✓ live .*ms/,
    );
    expect(output).toMatch(/↻ quote NSE:NIFTY 50.*: done/);
    expect(output).toMatch(
      /dashboard\n.*✓ session ended .*ms\n.*✓ nifty_strangle failed, and waits .*ms\n.*✓ dialog shown .*ms\n.*✓ logged in .*ms\n.*✓ answered .*ms\n.*✓ dialog gone .*ms\n.*✓ execution log kept .*ms\n/,
    );
    expect(output.trimEnd().split('\n').at(-1)).toBe(
      'Both accounts are live: captured, delivered, exchanged, verified, live. The dashboard’s request waited for its login, and was answered.',
    );
    expect(code).toBe(0);
  });

  it('names the link that broke, and ends with 1', async () => {
    const { code, output } = await run(['--fault', 'kite.exchange.checksum']);
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^zerodha broke at “exchanged”: .*API key or secret/);
    expect(code).toBe(1);
  });

  it('says how it is used when it is not', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 2, output: expect.stringMatching(/^Usage: npm start/) });
  });

  it('says which faults there are when one is unknown', async () => {
    const { code, output } = await run(['--fault', 'no.such']);
    expect(output).toMatch(/There is no fault no\.such[\s\S]*kite\.ticker\.refused/);
    expect(code).toBe(2);
  });
});

function run(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN, '--headless', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  return new Promise((ended) => child.once('close', (code) => ended({ code, output })));
}
