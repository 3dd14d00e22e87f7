import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DJANGO_4, hasPython, isNextjsBuilt, NEXTJS } from '../install.mjs';
import { CLIENTS } from '../programs.ts';
import { install, installAll, OWN_PACKAGES } from './installed.ts';
import type { Guide } from './newcomer.ts';

const python = (module: string) => () => (hasPython(module) ? null : `Python has no ${module}`);
const onEnv = (script: string, port: number) => `export PORT=${port}\n${script}`;

/** The pages of docs/ that lead from no project to a live session. */
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
  {
    page: 'nextjs.md',
    missing: () => (isNextjsBuilt() ? null : 'it is not installed'),
    // Its bundler takes nothing from outside of the project's folder.
    install(folder) {
      installAll(join(NEXTJS, 'node_modules'), folder);
      install('kiteconnect', OWN_PACKAGES, folder);
    },
    onPort: (script, port) => script.replace('next start', `next start -H 127.0.0.1 -p ${port}`),
  },
];
