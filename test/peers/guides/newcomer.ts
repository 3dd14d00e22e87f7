import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { freePort } from '../../support/backend/practice.ts';
import { CLOCK_ENV } from '../../support/backend/process-env.ts';
import { until } from '../../support/until.ts';
import { FOLDER, PYTHON } from '../install.mjs';

/** Some pages build before they start. */
const PATIENCE_MS = 240_000;
const ROOT = resolve(import.meta.dirname, '../../..');

/** A page of docs/, the server's usual port on it, and how it is given another one. */
export interface Guide {
  page: string;
  missing(): string | null;
  env?: Record<string, string>;
  /** Does in the new folder what the page's `npm install` does, where Node would not find this project's packages. */
  install?(folder: string): void;
  onPort(script: string, port: number): string;
}

/** All that a page tells its reader to type and to write, as one shell script. */
function scriptOf({ page, onPort }: Guide, port: number): string {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const appended = /The end of `(\S+)`/.exec(text)?.[1] ?? '';
  const steps = [...text.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language, path = '', code = '']) => {
    if (language === 'sh') return code;
    // Behind examples/ and the framework's name.
    const file = path.split('/').slice(2).join('/');
    const to = appended.endsWith(`/${file}`) ? `>> ${appended}` : `> ${file}`;
    return path === '' ? '' : `mkdir -p ${dirname(file)}\ncat ${to} <<'END OF BLOCK'\n${code}END OF BLOCK\n`;
  });
  return onPort(['set -e\n', ...steps].join(''), port);
}

export interface Newcomer {
  url: string;
  /** As it was printed for them to copy. */
  secret: string;
  stop(): Promise<void>;
}

/** Runs that script in a folder that holds no more than a clone with the examples; ready when the route answers. */
export async function followGuide(guide: Guide, given: Record<string, string>): Promise<Newcomer> {
  // Inside the project, so that Express and Kite's client are found where npm put them.
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, 'newcomer-'));
  const clone = join(folder, 'opening-bell');
  mkdirSync(clone);
  cpSync(join(ROOT, 'examples'), join(clone, 'examples'), { recursive: true });
  guide.install?.(join(folder, 'mysite'));
  const port = await freePort();
  const child = spawn('bash', ['-c', scriptOf(guide, port)], {
    cwd: clone,
    env: {
      ...CLOCK_ENV,
      HOME: folder,
      PATH: [dirname(process.execPath), dirname(PYTHON), process.env.PATH].join(delimiter),
      PYTHONUNBUFFERED: '1',
      ...given,
      ...guide.env,
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
    PATIENCE_MS,
  ).catch(async (error) => {
    await stop();
    throw new Error(`the page’s steps do not lead to a server: ${printed || error}`);
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
