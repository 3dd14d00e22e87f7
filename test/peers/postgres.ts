import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../support/backend/practice.ts';
import { until } from '../support/until.ts';
import { postgresPrograms } from './install.mjs';

/** What cannot be run for want of Postgres. */
export function missingPostgres(): string[] {
  return postgresPrograms() === null ? ['the backend on Postgres: there is no Postgres on this machine'] : [];
}

export interface RunningPostgres {
  /** Makes an empty database, and returns its address. */
  database(): Promise<string>;
  /** Ends it as a crash does, with every connection, and starts it again. */
  crash(): Promise<void>;
  /** Ends it as a crash does. */
  end(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** The tests end processes, never the machine: what the system was handed is as good as written. */
export const NO_POWER_CUT = ['fsync=off'];

/** A Postgres of one's own in a temporary folder, on a free port of 127.0.0.1, which asks for a password. */
export async function startPostgres(more: readonly string[] = []): Promise<RunningPostgres> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('there is no Postgres on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(16).toString('hex');
  const port = await freePort();
  const url = (name: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${name}`;
  const user = userFor(folder);

  writeFileSync(join(folder, 'password'), password);
  const init = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    '--pwfile',
    join(folder, 'password'),
    '-E',
    'UTF8',
  ];
  const made = spawnSync(join(programs, 'initdb'), [...init, '--no-locale'], { ...user, cwd: folder });
  if (made.status !== 0) throw new Error(String(made.stderr));

  let server: ChildProcess;
  let ended: Promise<unknown>;
  let said = '';
  async function start(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200', ...more];
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    server = spawn(join(programs ?? '', 'postgres'), args, {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server.stderr?.on('data', (chunk) => (said += chunk));
    ended = new Promise((done) => server.once('exit', done));
    await until(
      () => (server.exitCode === null ? ask('SELECT 1').catch(() => null) : Promise.reject(new Error(said))),
      (answer) => answer !== null,
    );
  }

  async function ask(statement: string): Promise<unknown> {
    const client = new pg.Client(url('postgres'));
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.query(statement);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async function end(signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> {
    server.kill(signal);
    await ended;
  }

  await start();
  let databases = 0;
  return {
    async database() {
      databases += 1;
      await ask(`CREATE DATABASE test_${databases}`);
      return url(`test_${databases}`);
    },
    async crash() {
      await end();
      await start();
    },
    end: () => end(),
    start,
    async close() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Postgres refuses to run as root: then the folder, and the server, are of Debian's user for it. */
function userFor(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (which: string) => Number(String(spawnSync('id', [which, 'postgres']).stdout).trim());
  const user = { uid: id('-u'), gid: id('-g') };
  chownSync(folder, user.uid, user.gid);
  return user;
}
