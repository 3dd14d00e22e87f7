import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { freePort } from '../support/backend/practice.ts';
import { CLOCK_ENV } from '../support/backend/process-env.ts';
import { until } from '../support/until.ts';
import { PYTHON } from './install.mjs';

const ROOT = resolve(import.meta.dirname, '../..');

/** What somebody does who follows the README's *Your own backend* down to the second framework, as one shell script. */
function readmeScript(port: number): string {
  const [, section = ''] = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n## Your own backend\n');
  const [django = ''] = section.split('\nFastAPI:\n');
  const appended = /the end of `(\S+)`/.exec(django)?.[1] ?? '';
  const steps = [...django.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', code = '']) => {
    if (info === '') return code;
    const file = info.slice(info.lastIndexOf('/') + 1);
    const to = appended.endsWith(`/${file}`) ? `>> ${appended}` : `> ${file}`;
    return `cat ${to} <<'END OF BLOCK'\n${code}END OF BLOCK\n`;
  });
  // On the machine of a test its usual port may be taken.
  return ['set -e\n', ...steps].join('').replace('runserver', `runserver 127.0.0.1:${port}`);
}

export interface Newcomer {
  url: string;
  /** As it was printed for them to copy. */
  secret: string;
  stop(): Promise<void>;
}

/** Runs that script in a folder that holds no more than a clone with the examples; ready when the route answers. */
export async function followReadme(env: Record<string, string>): Promise<Newcomer> {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-newcomer-'));
  const clone = join(folder, 'opening-bell');
  mkdirSync(clone);
  cpSync(join(ROOT, 'examples'), join(clone, 'examples'), { recursive: true });
  const port = await freePort();
  const child = spawn('bash', ['-c', readmeScript(port)], {
    cwd: clone,
    env: {
      ...CLOCK_ENV,
      HOME: folder,
      PATH: [dirname(PYTHON), process.env.PATH].join(delimiter),
      PYTHONUNBUFFERED: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: runserver has a process for the server beside its own.
    detached: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk));
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/session`;
  await until(
    () => (child.exitCode === null ? answers(url) : Promise.reject(new Error(printed))),
    (isUp) => isUp,
  ).catch(async (error) => {
    await stop();
    throw new Error(`the README’s steps do not lead to a server: ${printed || error}`);
  });
  return { url, stop, secret: /^whsec_\S+$/m.exec(printed)?.[0] ?? '' };
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST', body: '{}' }).then(
    ({ status }) => status === 401,
    () => false,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((done) => child.once('exit', done));
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}
