import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DJANGO_4, hasPython, isNextjsBuilt, NEXTJS, PYTHON } from './install.mjs';
import { runPython } from './python.ts';
import type { Peer } from './start.ts';

const OLDER = join(import.meta.dirname, 'older');

/** Who may log in at the older Django system. */
export const PERSON = { name: 'trader', password: 'practice-only-1' };

const djangoOf = (version: string, env: Record<string, string>, missing: Peer['missing']): Peer => ({
  name: `older Django ${version}`,
  missing,
  env: {
    ...env,
    DJANGO_SUPERUSER_USERNAME: PERSON.name,
    DJANGO_SUPERUSER_PASSWORD: PERSON.password,
    DJANGO_SUPERUSER_EMAIL: 'trader@localhost',
  },
  files: [join(OLDER, 'django/older.py')],
  path: '/trigger/update-breeze-session/',
  up: 403,
  async prepare(folder, given) {
    const manage = (...args: string[]) => runPython(args, folder, given);
    await manage('-m', 'django', 'startproject', 'mysite', '.');
    appendFileSync(join(folder, 'mysite/urls.py'), readFileSync(join(OLDER, 'django/urls.py')));
    appendFileSync(join(folder, 'mysite/settings.py'), 'LOGIN_URL = "/admin/login/"\n');
    await manage('manage.py', 'migrate', '--verbosity', '0');
    await manage('manage.py', 'createsuperuser', '--noinput');
  },
  run: (port) => [PYTHON, 'manage.py', 'runserver', '--noreload', `127.0.0.1:${port}`],
});

export const OLDER_DJANGO: readonly Peer[] = [
  djangoOf('3.2', {}, () => (hasPython('django') ? null : 'Python has no django')),
  djangoOf('4.2', { PYTHONPATH: DJANGO_4 }, () => (existsSync(DJANGO_4) ? null : 'it is not unpacked')),
];

export const OLDER_NEXTJS: Peer = {
  name: 'older Next.js',
  missing: () => (isNextjsBuilt() ? null : 'it is not installed and built'),
  files: [],
  path: '/api/session-manager',
  up: 400,
  folder: NEXTJS,
  run: (port) => [process.execPath, 'node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', String(port)],
};

export const OLDER_FASTAPI: Peer = {
  name: 'older FastAPI',
  missing: () => (hasPython('fastapi, uvicorn') ? null : 'Python has no fastapi'),
  files: [join(OLDER, 'fastapi/main.py')],
  path: '/api/auth/callback',
  up: 405,
  run: (port) => [PYTHON, '-m', 'uvicorn', 'main:app', '--port', String(port)],
};
