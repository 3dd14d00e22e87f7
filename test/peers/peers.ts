import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { freePort } from '../support/practice.ts';
import { until } from '../support/until.ts';
import { withExchange } from './exchange.mjs';
import { DJANGO_4, FOLDER, hasPython, isNextjsBuilt, NEXTJS, PYTHON } from './install.mjs';
import { runPython } from './python.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');

/** A receiver of examples/ as its framework runs it; `missing` says what this machine lacks for it. */
export interface Peer {
  name: string;
  missing(): string | null;
  /** The files of examples/ that are copied into one folder, as a user copies them. */
  files: string[];
  path: string;
  /** The status by which it says to an empty POST that it is up, 401 unless told otherwise. */
  up?: number;
  /** Anything that has to be done once in that folder before the start. */
  prepare?(folder: string, env: NodeJS.ProcessEnv): Promise<void>;
  run(port: number): [program: string, ...args: string[]];
  env?: Record<string, string>;
  folder?: string;
}

const nothing = () => null;
const python = (module: string) => () => (hasPython(module) ? null : `Python has no ${module}`);

const django = (version: string, env: Record<string, string>, missing: Peer['missing']): Peer => ({
  name: `Django ${version}`,
  missing,
  env,
  files: ['python/opening_bell.py', 'django/opening_bell_view.py'],
  path: '/session',
  async prepare(folder, given) {
    await runPython(['-m', 'django', 'startproject', 'mysite', '.'], folder, given);
    appendFileSync(join(folder, 'mysite/urls.py'), readFileSync(join(EXAMPLES, 'django/urls.py')));
  },
  run: (port) => [PYTHON, 'manage.py', 'runserver', '--noreload', `127.0.0.1:${port}`],
});

export const PEERS: readonly Peer[] = [
  {
    name: 'Python',
    missing: nothing,
    files: ['python/opening_bell.py', 'python/receiver.py'],
    path: '/session',
    run: () => [PYTHON, 'receiver.py'],
  },
  django('3.2', {}, python('django')),
  django('4.2', { PYTHONPATH: DJANGO_4 }, () => (existsSync(DJANGO_4) ? null : 'it is not unpacked')),
  {
    name: 'Flask',
    missing: python('flask'),
    files: ['python/opening_bell.py', 'flask/app.py'],
    path: '/session',
    run: (port) => [PYTHON, '-m', 'flask', '--app', 'app', 'run', '--port', String(port)],
  },
  {
    // Two processes, since that is where an id that is remembered in memory alone is forgotten.
    name: 'FastAPI, two workers',
    missing: python('fastapi, uvicorn'),
    files: ['python/opening_bell.py', 'fastapi/main.py'],
    path: '/session',
    run: (port) => [PYTHON, '-m', 'uvicorn', 'main:app', '--workers', '2', '--port', String(port)],
  },
  {
    name: 'Node',
    missing: nothing,
    files: ['node/opening-bell.js', 'node/receiver.js'],
    path: '/session',
    run: () => [process.execPath, 'receiver.js'],
  },
  {
    name: 'Express',
    missing: nothing,
    files: ['node/opening-bell.js', 'express/server.js'],
    path: '/session',
    run: () => [process.execPath, 'server.js'],
  },
  {
    name: 'Next.js',
    missing: () => (isNextjsBuilt() ? null : 'it is not installed and built'),
    files: [],
    path: '/session',
    folder: NEXTJS,
    run: (port) => [
      process.execPath,
      'node_modules/next/dist/bin/next',
      'start',
      '-H',
      '127.0.0.1',
      '-p',
      String(port),
    ],
  },
];

/** The receivers that cannot be started here, each with what is missing. */
export function missingPeers(): string[] {
  return PEERS.flatMap(({ name, missing }) => {
    const what = missing();
    return what === null ? [] : [`the receiver for ${name}: ${what}`];
  });
}

export interface RunningPeer {
  url: string;
  secret: string;
  /** Ends its server, and starts it again at the same address and with what it keeps. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

interface Given {
  secret?: string;
  /** Where it trades tokens, see exchange.ts; else it takes any token for a good one. */
  exchange?: string;
}

/** Starts a receiver in a folder of its own, for an account of this name; ready when it refuses what is not signed. */
export async function startPeer(peer: Peer, account: string, given: Given = {}): Promise<RunningPeer> {
  const { secret = newSecret(), exchange } = given;
  // Inside the project, so that Express is found where npm put it.
  mkdirSync(FOLDER, { recursive: true });
  const made = mkdtempSync(join(FOLDER, 'run-'));
  const folder = peer.folder ?? made;
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(port),
    PYTHONDONTWRITEBYTECODE: '1',
    OPENING_BELL_SECRET: secret,
    OPENING_BELL_ACCOUNT: account,
    ...(exchange === undefined ? {} : { PRACTICE_EXCHANGE: exchange }),
    ...peer.env,
  };
  for (const file of peer.files) writeFileSync(join(folder, basename(file)), withExchange(resolve(EXAMPLES, file)));
  const url = `http://127.0.0.1:${port}${peer.path}`;
  const up = () => serve(peer, { folder, env, port, url });
  try {
    await peer.prepare?.(folder, env);
    let server = await up();
    return {
      url,
      secret,
      down: () => end(server),
      async up() {
        server = await up();
      },
      async stop() {
        await end(server);
        rmSync(made, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    throw error;
  }
}

interface Place {
  folder: string;
  env: NodeJS.ProcessEnv;
  port: number;
  url: string;
}

async function serve(peer: Peer, { folder, env, port, url }: Place): Promise<ChildProcess> {
  const [program, ...args] = peer.run(port);
  // A group of its own: some servers start workers, which have to end with them.
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  await until(
    () => (child.exitCode === null ? unsignedStatus(url) : Promise.reject(new Error(output))),
    (status) => status === (peer.up ?? 401),
    60_000,
  ).catch(async (error) => {
    await end(child);
    throw new Error(`${peer.name} did not start: ${output || error}`);
  });
  return child;
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

function unsignedStatus(url: string): Promise<number> {
  return fetch(url, { method: 'POST', body: '{}', redirect: 'manual' }).then(
    ({ status }) => status,
    () => 0,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((done) => child.once('exit', done));
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    child.kill();
  }
  await ended;
}
