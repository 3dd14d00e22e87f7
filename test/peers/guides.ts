import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DJANGO_4, hasPython } from './install.mjs';
import type { Guide } from './newcomer.ts';

/** Stands in for the client that `pip install kiteconnect` brings. */
const CLIENTS = join(import.meta.dirname, 'clients');
const python = (module: string) => () => (hasPython(module) ? null : `Python has no ${module}`);
const onEnv = (script: string, port: number) => `export PORT=${port}\n${script}`;

/** The pages of docs/ that lead from no project to a live session; Next.js's is built in install.mjs. */
export const GUIDES: readonly Guide[] = [
  {
    page: 'django.md',
    missing: () => (existsSync(DJANGO_4) ? null : 'it is not unpacked'),
    env: { PYTHONPATH: `${CLIENTS}:${DJANGO_4}` },
    onPort: (script, port) => script.replace('manage.py runserver', `manage.py runserver 127.0.0.1:${port}`),
  },
  {
    page: 'fastapi.md',
    missing: python('fastapi, uvicorn'),
    env: { PYTHONPATH: CLIENTS },
    onPort: (script, port) => script.replace('--workers 4', `--workers 4 --port ${port}`),
  },
  {
    page: 'flask.md',
    missing: python('flask'),
    env: { PYTHONPATH: CLIENTS },
    onPort: (script, port) => script.replace('flask run', `flask run --port ${port}`),
  },
  { page: 'plain.md', missing: () => null, env: { PYTHONPATH: CLIENTS }, onPort: onEnv },
  { page: 'express.md', missing: () => null, onPort: onEnv },
];
