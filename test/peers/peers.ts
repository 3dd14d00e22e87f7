import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DJANGO_4, hasPython, isNextjsBuilt, NEXTJS, PYTHON } from './install.mjs';
import { runPython } from './python.ts';
import { EXAMPLES, NODE_KIT_FILES, type Peer } from './start.ts';

const nothing = () => null;
/** Apps as people have them: with hooks, parsers, loggers and sub-paths around the receiver. */
const BUSY = join(import.meta.dirname, 'busy');
/** The kits, each with the tests' own part of a person's; absolute, since they lie beside this file. */
const PYTHON_KIT = ['python/opening_bell.py', join(import.meta.dirname, 'trading.py')];
const NODE_KIT = [...NODE_KIT_FILES, join(import.meta.dirname, 'trading.mjs')];
const python = (module: string) => () => (hasPython(module) ? null : `Python has no ${module}`);

const django = (name: string, { run, missing, env = {} }: Pick<Peer, 'run' | 'missing' | 'env'>): Peer => ({
  name,
  missing,
  env,
  files: [...PYTHON_KIT, 'django/opening_bell_view.py'],
  path: '/session',
  async prepare(folder, given) {
    await runPython(['-m', 'django', 'startproject', 'mysite', '.'], folder, given);
    appendFileSync(join(folder, 'mysite/urls.py'), readFileSync(join(EXAMPLES, 'django/urls.py')));
  },
  run,
});

export const PEERS: readonly Peer[] = [
  {
    name: 'Python',
    missing: nothing,
    files: [...PYTHON_KIT, 'python/receiver.py'],
    path: '/session',
    run: () => [PYTHON, 'receiver.py'],
  },
  django('Django 3.2, two workers', {
    missing: python('django, gunicorn'),
    run: (port) => [PYTHON, '-m', 'gunicorn', '--workers', '2', '--bind', `127.0.0.1:${port}`, 'mysite.wsgi'],
  }),
  django('Django 4.2', {
    missing: () => (existsSync(DJANGO_4) ? null : 'it is not unpacked'),
    env: { PYTHONPATH: DJANGO_4 },
    run: (port) => [PYTHON, 'manage.py', 'runserver', `127.0.0.1:${port}`],
  }),
  {
    name: 'Flask',
    missing: python('flask'),
    files: [...PYTHON_KIT, 'flask/app.py'],
    path: '/session',
    run: (port) => [PYTHON, '-m', 'flask', '--app', 'app', 'run', '--port', String(port)],
  },
  {
    // Several processes, since that is where an id that is remembered in memory alone is forgotten.
    name: 'FastAPI, four workers',
    missing: python('fastapi, uvicorn'),
    files: [...PYTHON_KIT, 'fastapi/main.py'],
    path: '/session',
    run: (port) => [PYTHON, '-m', 'uvicorn', 'main:app', '--workers', '4', '--port', String(port)],
  },
  {
    name: 'Node',
    missing: nothing,
    files: [...NODE_KIT, 'node/receiver.mjs'],
    path: '/session',
    run: () => [process.execPath, 'receiver.mjs'],
  },
  {
    name: 'Express',
    missing: nothing,
    files: [...NODE_KIT, 'express/server.mjs'],
    path: '/session',
    run: () => [process.execPath, 'server.mjs'],
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

/** The same receivers in apps that read the body before them, or stand under a sub-path. */
export const BUSY_PEERS: readonly Peer[] = [
  {
    name: 'Django 4.2, with a middleware that reads the body',
    missing: () => (existsSync(DJANGO_4) ? python('gunicorn')() : 'it is not unpacked'),
    env: { PYTHONPATH: DJANGO_4 },
    files: [...PYTHON_KIT, 'django/opening_bell_view.py', join(BUSY, 'busy_middleware.py')],
    path: '/session/',
    async prepare(folder, given) {
      await runPython(['-m', 'django', 'startproject', 'mysite', '.'], folder, given);
      appendFileSync(join(folder, 'mysite/urls.py'), readFileSync(join(EXAMPLES, 'django/urls.py')));
      const more = "MIDDLEWARE = ['django.middleware.gzip.GZipMiddleware', 'busy_middleware.look', *MIDDLEWARE]\n";
      appendFileSync(join(folder, 'mysite/settings.py'), more);
    },
    run: (port) => [PYTHON, '-m', 'gunicorn', '--workers', '2', '--bind', `127.0.0.1:${port}`, 'mysite.wsgi'],
  },
  {
    name: 'Flask, with a hook that reads the body',
    missing: python('flask'),
    files: [...PYTHON_KIT, 'flask/app.py', join(BUSY, 'busy_flask.py')],
    path: '/session/',
    run: (port) => [PYTHON, '-m', 'flask', '--app', 'busy_flask', 'run', '--port', String(port)],
  },
  {
    name: 'FastAPI, mounted under a sub-path',
    missing: python('fastapi, uvicorn'),
    files: [...PYTHON_KIT, 'fastapi/main.py', join(BUSY, 'busy_fastapi.py')],
    path: '/bell/session',
    run: (port) => [PYTHON, '-m', 'uvicorn', 'busy_fastapi:app', '--port', String(port)],
  },
  {
    name: 'Express, behind parsers that keep the raw bytes',
    missing: nothing,
    files: [...NODE_KIT, join(BUSY, 'busy-express.mjs')],
    path: '/bell/session',
    run: () => [process.execPath, 'busy-express.mjs'],
  },
];
