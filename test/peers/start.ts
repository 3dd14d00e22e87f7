import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { freePort } from '../support/backend/practice.ts';
import { CLOCK_ENV } from '../support/backend/process-env.ts';
import { until } from '../support/until.ts';
import { withExchange } from './exchange.mjs';
import { FOLDER } from './install.mjs';

export const EXAMPLES = resolve(import.meta.dirname, '../../examples');

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
    ...CLOCK_ENV,
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
