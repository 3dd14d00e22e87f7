import { execFile, spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDir } from '../flow/backend/harness.ts';
import { freePort } from '../support/backend/practice.ts';
import { until } from '../support/until.ts';
import { PYTHON } from './install.mjs';
import { PEERS } from './peers.ts';
import { EXAMPLES, type Peer, type RunningPeer, startPeer } from './start.ts';

const run = promisify(execFile);
const LOG = 'seen.log';

/** What another program of the same server can be told to do with the kit. */
export type Step =
  | ['quote' | 'buy', string]
  | ['keyed', key: string, symbol: string, act?: 'buy' | 'sell']
  | ['confirm' | 'cancel', number]
  | ['calls' | 'current'];

/** A kit, with its receiver that needs no framework and a program beside it. */
export interface Kit {
  name: string;
  file: string;
  peer: Peer;
  program: string;
  driver: { file: string; text: string };
}

const PYTHON_DRIVER = `
import json, sys, opening_bell, trading
def step(name, *args):
    try:
        if name == "keyed": return getattr(trading, (*args, "buy")[2])(args[1], key=args[0])
        return (getattr(trading, name, None) or getattr(opening_bell, name))(*args)
    except opening_bell.AuthRequired as waits: return waits.answer
print(json.dumps([step(*one) for one in json.loads(sys.argv[1])]))
`;

const NODE_DRIVER = `
import * as kit from './opening-bell.mjs';
import * as trading from './trading.mjs';
const said = [];
for (const [name, ...args] of JSON.parse(process.argv[2])) {
  const run = name === 'keyed' ? trading[args[2] ?? 'buy'].keyed : (trading[name] ?? kit[name]);
  said.push(await Promise.resolve().then(() => run(...args)).catch((error) => error.answer ?? Promise.reject(error)));
}
console.log(JSON.stringify(said));
`;

const peerOf = (name: string): Peer => {
  const found = PEERS.find((one) => one.name === name);
  if (!found) throw new Error(`there is no receiver for ${name}`);
  return found;
};

export const KITS: readonly Kit[] = [
  {
    name: 'opening_bell.py',
    file: 'python/opening_bell.py',
    peer: peerOf('Python'),
    program: PYTHON,
    driver: { file: 'driver.py', text: PYTHON_DRIVER },
  },
  {
    name: 'opening-bell.mjs',
    file: 'node/opening-bell.mjs',
    peer: peerOf('Node'),
    program: process.execPath,
    driver: { file: 'driver.mjs', text: NODE_DRIVER },
  },
];

export interface Worker {
  pid: number;
  url: string;
  kill(): Promise<void>;
}

export interface RunningKit extends RunningPeer {
  /** Lets a program of its own, in the same folder, do these steps one after the other; gives what each answered. */
  steps(...steps: Step[]): Promise<unknown[]>;
  /** Another process of the same server, at a port of its own; killed as by the system. */
  worker(): Promise<Worker>;
  /** What the person's functions were called for, line by line: see trading.py. */
  seen(): string[];
}

/** A kit that serves, with a feed unless `env` says otherwise. */
export async function startKit(kit: Kit, env: Record<string, string> = {}): Promise<RunningKit> {
  const running = await startPeer(kit.peer, 'zerodha', { env: { PRACTICE_LOG: LOG, PRACTICE_FEED: 'yes', ...env } });
  writeFileSync(join(running.folder, LOG), '', { flag: 'a' });
  return {
    ...running,
    steps: (...steps) => drive(kit, running, steps),
    worker: () => startWorker(kit, running),
    seen: () => readFileSync(join(running.folder, LOG), 'utf8').split('\n').filter(Boolean),
  };
}

/** A second server of one process beside the first, at a port of its own. */
export async function startWorker({ peer }: Pick<Kit, 'peer'>, { folder, env }: RunningPeer): Promise<Worker> {
  const port = await freePort();
  const [program, ...args] = peer.run(port);
  const child = spawn(program, args, { cwd: folder, env: { ...env, PORT: String(port) }, stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = `http://127.0.0.1:${port}${peer.path}`;
  await until(
    () =>
      fetch(url, { method: 'POST', body: '{}' }).then(
        ({ status }) => status,
        () => 0,
      ),
    (status) => status === 401,
  );
  return {
    url,
    pid: child.pid ?? 0,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** Lets a program in a receiver's folder do these steps with its kit. */
export async function drive(kit: Kit, { folder, env }: RunningPeer, steps: readonly Step[]): Promise<unknown[]> {
  const { file, text } = kit.driver;
  writeFileSync(join(folder, file), text);
  return JSON.parse((await run(kit.program, [file, JSON.stringify(steps)], { cwd: folder, env })).stdout);
}

/** The kit that a receiver is made with. */
export const kitOf = ({ files }: Peer): Kit | undefined =>
  KITS.find((kit) => files.includes(kit.file)) ?? KITS.find(({ name }) => files.length === 0 && name.endsWith('.mjs'));

/** Lets a script run to its end beside a kit, or, without one, the kit's own receiver. */
export async function runOnce(kit: Kit, env: Record<string, string>, script?: string) {
  const dir = temporaryDir();
  for (const file of kit.peer.files) cpSync(resolve(EXAMPLES, file), join(dir.path, basename(file)));
  const name = kit.name.endsWith('.py') ? 'once.py' : 'once.mjs';
  if (script) writeFileSync(join(dir.path, name), script);
  const [program, ...args] = script ? [kit.program, name] : kit.peer.run(0);
  const { code, out, err } = await ran(program, args, dir.path, env);
  dir.remove();
  return { code, printed: err + out };
}

export async function ran(program: string, args: string[], cwd: string, env: Record<string, string>) {
  const child = spawn(program, args, {
    cwd,
    timeout: 120_000, // else it outlives a test that it fails
    env: { PATH: process.env.PATH, PORT: '0', NODE_NO_WARNINGS: '1', ...env },
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray()]);
  return { code: await ended, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}
