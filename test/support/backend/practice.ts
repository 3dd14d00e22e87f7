import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AccountName } from '../../../backend/src/config/account-name.ts';
import { BROKER_IDS, brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { type App, type PracticeBrokers, type SimpleId, startPracticeBrokers } from '../../brokers/index.ts';
import { simples } from '../../brokers/simple/list.ts';
import { HANGS_MS } from '../until.ts';
import { PROCESS_ENV } from './process-env.ts';
import { programKey } from './program-key.ts';

const BACKEND = join(import.meta.dirname, '../../../backend/src');
const run = promisify(execFile);

const OTHER_APPS = Object.fromEntries(Object.entries(simples).map(([id, { app }]) => [id, app])) as Record<
  SimpleId,
  App
>;

/** The practice accounts: a key with every character that a raw link corrupts, and redirect URLs where nothing listens. */
export const APPS = {
  zerodha: {
    apiKey: 'practicekite',
    apiSecret: 'practice-kite-secret',
    redirectUrl: 'http://127.0.0.1/',
    userId: 'AB1234',
  },
  icici: {
    apiKey: 'p+r=a!c#t%i^c~e&()*',
    apiSecret: 'practice-breeze-secret',
    redirectUrl: 'http://127.0.0.1:59123/breeze',
    userId: 'CD5678',
  },
  ...OTHER_APPS,
} as const satisfies Record<BrokerId, object>;

export interface Backend {
  url: string;
  dataDir: string;
  /** The pairing strings, as `npm run pair` prints them. */
  pairings(): Promise<Record<BrokerId, string> & Partial<Record<AccountName, string>>>;
  /** An address of its page that signs in once, as `npm run backend:open` prints it. */
  link(): Promise<string>;
  /** Hands a request to the backend's queue, as the person's own code would. */
  submit(account: BrokerId, type: string, params: object): Promise<unknown>;
  jobs(): Promise<{ label: string; state: string }[]>;
  /** All that it has printed so far. */
  printed(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
}

/** The two whose accounts are set up unless others are asked for. */
export const USUAL: readonly BrokerId[] = ['zerodha', 'icici'];

/** What a backend is told of a practice account. */
function environmentOf(broker: BrokerId): Record<string, string> {
  const { prefix, more } = brokers[broker].variables;
  const { apiKey, apiSecret, redirectUrl, more: further = {} }: App = APPS[broker];
  const known = { API_KEY: apiKey, API_SECRET: apiSecret, REDIRECT_URL: redirectUrl, ...pick(further, more) };
  return Object.fromEntries(Object.entries(known).map(([name, value]) => [`${prefix}_${name}`, value]));
}

function pick(from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? '']));
}

export interface Practice {
  brokers: PracticeBrokers;
  backend: Backend;
  close(): Promise<void>;
}

/** Practice brokers and the reference backend that is connected to them, on loopback. */
export async function startPractice(
  env: Record<string, string> = {},
  accounts: readonly BrokerId[] = USUAL,
): Promise<Practice> {
  const brokers = await startPracticeBrokers();
  for (const broker of BROKER_IDS) brokers.book(broker).register(APPS[broker]);
  const settings = Object.assign({}, ...accounts.map(environmentOf));
  const backend = await startBackend({ ...settings, ...brokers.nodeEnv, ...env });
  return {
    brokers,
    backend,
    async close() {
      await backend.stop();
      rmSync(backend.dataDir, { recursive: true, force: true });
      await brokers.close();
    },
  };
}

async function startBackend(extra: Record<string, string>): Promise<Backend> {
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'opening-bell-backend-'));
  const env = {
    ...PROCESS_ENV,
    PORT: String(port),
    DATA_DIR: dataDir,
    ...extra,
  };
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  let child = await startProcess(env, dataDir, url, lines);
  return {
    url,
    dataDir,
    async pairings() {
      const { stdout } = await run(process.execPath, [join(BACKEND, 'pair.ts')], { cwd: dataDir, env });
      return Object.fromEntries(
        stdout
          .trim()
          .split('\n')
          .map((line) => line.split(': ')),
      ) as Record<BrokerId, string>;
    },
    async link() {
      const { stdout } = await run(process.execPath, [join(BACKEND, 'open.ts')], { cwd: dataDir, env });
      return stdout.trim();
    },
    async submit(account, type, params) {
      const headers = { 'content-type': 'application/json', ...programKey(dataDir) };
      const response = await fetch(`${url}/queue`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ account, type, params }),
      });
      return response.json();
    },
    async jobs() {
      const { jobs } = (await (await fetch(`${url}/queue`, { headers: programKey(dataDir) })).json()) as {
        jobs: { label: string; state: string }[];
      };
      return jobs;
    },
    printed: () => lines.join(''),
    stop: (signal = 'SIGTERM') => stopProcess(child, signal),
    async restart() {
      child = await startProcess(env, dataDir, url, lines);
    },
  };
}

async function startProcess(
  env: Record<string, string>,
  cwd: string,
  url: string,
  lines: string[],
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(BACKEND, 'main.ts')], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  // A test or a start that ends half way leaves nothing behind.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => lines.push(String(chunk)));
  const deadline = Date.now() + HANGS_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await isUp(url)) return child;
    await new Promise((wait) => setTimeout(wait, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`the backend did not start: ${lines.join('')}`);
}

function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await ended;
}

// Below the ports that systems give to connections and to whoever asks for any (Linux: from 32768 on, others: from 49152 on).
// So nobody is given this port before it is used, and another file of the tests begins elsewhere.
const FIRST_PORT = 20_000;
const PORTS = 12_000;
let lastPort = Math.floor(Math.random() * PORTS);

/** A port that was free a moment ago, and that no system gives away. */
export async function freePort(): Promise<number> {
  lastPort = (lastPort + 1) % PORTS;
  const port = FIRST_PORT + lastPort;
  return (await canListen(port)) ? port : freePort();
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((told) => {
    server.once('error', () => told(false));
    server.listen(port, '127.0.0.1', () => told(true));
  });
  if (listens) await new Promise((closed) => server.close(closed));
  return listens;
}
