import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { freePort } from '../support/backend/practice.ts';
import { CLOCK_ENV } from '../support/backend/process-env.ts';
import { until } from '../support/until.ts';
import { FOLDER, NODE_KIT } from './install.mjs';

export const EXAMPLES = resolve(import.meta.dirname, '../../examples');
/** The kit for Node, as `cp examples/node/opening-bell.*` copies it. */
export const NODE_KIT_FILES = NODE_KIT.map((file) => `node/${file}`);

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
  /** Where its files lie. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** What it has printed. */
  printed(): string;
  /** Ends its server, and starts it again at the same address and with what it keeps. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

interface Given {
  secret?: string;
  /** Where it trades tokens, see exchange.ts; else it takes any token but a few. */
  exchange?: string;
  env?: Record<string, string>;
}

/** Starts a receiver in a folder of its own, for an account of this name; ready when it refuses what is not signed. */
export async function startPeer(peer: Peer, account: string, given: Given = {}): Promise<RunningPeer> {
  const { secret = newSecret(), exchange, env: more } = given;
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
    OPENING_BELL_FOLDER: made,
    ...(exchange === undefined ? {} : { PRACTICE_EXCHANGE: exchange }),
    ...peer.env,
    ...more,
  };
  for (const file of peer.files) cpSync(resolve(EXAMPLES, file), join(folder, basename(file)));
  const url = `http://127.0.0.1:${port}${peer.path}`;
  const place = { folder, env, port, url, output: '' };
  const up = () => serve(peer, place);
  try {
    await peer.prepare?.(folder, env);
    let server = await up();
    return {
      url,
      secret,
      folder,
      env,
      printed: () => place.output,
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
  /** What its servers have printed so far. */
  output: string;
}

async function serve(peer: Peer, place: Place): Promise<ChildProcess> {
  const { folder, env, port, url } = place;
  const [program, ...args] = peer.run(port);
  // A group of its own: some servers start workers, which have to end with them.
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (place.output += chunk));
  await until(
    () => (child.exitCode === null ? unsignedStatus(url) : Promise.reject(new Error(place.output))),
    (status) => status === (peer.up ?? 401),
  ).catch(async (error) => {
    await end(child);
    throw new Error(`${peer.name} did not start: ${place.output || error}`);
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
