import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writePairing } from '../../utils/shared/pairing.ts';
import type { PracticeBrokers } from '../brokers/index.ts';
import { APPS } from '../support/backend/practice.ts';
import { DJANGO_4, hasPython, PYTHON } from './install.mjs';
import { NODE_KIT_FILES, type Peer, type RunningPeer, startPeer } from './start.ts';

/** Stands in for the client that `pip install kiteconnect` brings. */
export const CLIENTS = join(import.meta.dirname, 'clients');
const PAGE = 'programs/page.html';
const PYTHON_FILES = ['python/opening_bell.py', 'programs/trading.py', PAGE];
const NODE_FILES = [...NODE_KIT_FILES, 'programs/trading.mjs', PAGE];
const path = '/session';

/** The small programs of examples/programs, as their frameworks run them. */
export const PROGRAMS = {
  django: {
    name: 'Django',
    missing: () => (existsSync(DJANGO_4) || hasPython('django') ? null : 'Python has no django'),
    files: [...PYTHON_FILES, 'programs/django/manage.py', 'programs/django/program.py'],
    path,
    env: { PYTHONPATH: `${CLIENTS}:${DJANGO_4}` },
    run: (port) => [PYTHON, 'manage.py', 'runserver', `127.0.0.1:${port}`],
  },
  fastapi: {
    name: 'FastAPI',
    missing: () => (hasPython('fastapi, uvicorn') ? null : 'Python has no fastapi or no uvicorn'),
    files: [...PYTHON_FILES, 'programs/fastapi/main.py'],
    path,
    env: { PYTHONPATH: CLIENTS },
    run: (port) => [PYTHON, '-m', 'uvicorn', 'main:app', '--port', String(port)],
  },
  express: {
    name: 'Express',
    missing: () => null,
    files: [...NODE_FILES, 'programs/express/server.mjs'],
    path,
    run: () => [process.execPath, 'server.mjs'],
  },
} as const satisfies Record<string, Peer>;
export type ProgramName = keyof typeof PROGRAMS;
export const PROGRAM_NAMES = Object.keys(PROGRAMS) as ProgramName[];

export interface Program extends RunningPeer {
  page: string;
  /** What a person pastes into the extension. */
  pairing: string;
}

/** A small program that takes the practice brokers for the real ones. */
export async function startProgram(name: ProgramName, brokers: PracticeBrokers): Promise<Program> {
  const { apiKey, apiSecret, redirectUrl } = APPS.zerodha;
  const keys = { KITE_API_KEY: apiKey, KITE_API_SECRET: apiSecret };
  const running = await startPeer(PROGRAMS[name], 'zerodha', { env: { ...brokers.nodeEnv, ...keys } });
  const { url, secret } = running;
  const app = { broker: 'zerodha', api_key: apiKey, redirect_url: redirectUrl } as const;
  const pairing = writePairing({ url, secret, account: 'zerodha', ...app, mode: 'seal', expected_user: null });
  return { ...running, page: new URL('/', url).href, pairing };
}
