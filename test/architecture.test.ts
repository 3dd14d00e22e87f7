import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circles, crowded, dependenciesOf, type Source, violations } from './support/checks/architecture.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDERS = ['utils', 'components', 'entrypoints', 'backend'];
const MOST_FILES = 20;

/** Every package that runs on a person's machine, and why it is worth its weight and its trust. */
const WHY = {
  extension: {
    '@preact/signals': 'the screens follow one view model',
    'idb-keyval': 'a few hundred bytes over IndexedDB, which content scripts cannot read',
    preact: 'the screens, in a few kilobytes',
    'webextension-polyfill': 'one promise-based API in both browsers',
    zod: 'every message, record and answer is checked against one schema',
  },
  backend: {
    '@hono/node-server': 'Hono on node:http',
    hono: 'routes that read like a table of contents',
    kiteconnect: 'the official Kite client',
    nodemailer: 'reminders by SMTP: TLS, sign-in and the format of a mail',
    pg: 'Postgres, where DATABASE_URL names one',
    'pg-boss': 'of each job that waited one message to one worker, on that Postgres',
    pino: 'JSON lines that log collectors read, with levels and redaction',
    'prom-client': 'the text format of Prometheus, with its histograms',
    'socket.io-client': 'the protocol of the Breeze streams',
    zod: 'the contract it shares with the extension is one schema',
  },
};
const packages = { extension: Object.keys(WHY.extension), backend: Object.keys(WHY.backend) };

function sources(): Source[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('node_modules'))
      .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') })),
  );
}

describe('the layers', () => {
  it('hold in every file', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(80);
    expect(files.flatMap((source) => violations(source, packages))).toEqual([]);
  });

  it('have no circle of files that import each other', () => {
    expect(circles(sources())).toEqual([]);
    const circle = [
      { path: 'a.ts', text: "import { b } from './b.ts';" },
      { path: 'b.ts', text: "import type { c } from './c.ts';" },
      { path: 'c.ts', text: "export * from './a.ts';" },
      { path: 'd.ts', text: "import './a.ts';" },
    ];
    expect(circles(circle)).toEqual([['a.ts', 'b.ts', 'c.ts', 'a.ts']]);
  });

  it(`have at most ${MOST_FILES} files in a folder: a fuller one is two nouns`, () => {
    const paths = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
    }).toString();
    const own = paths.split('\n').filter((path) => path !== '' && !/\.(png|webp)$/.test(path));
    expect(crowded(own, MOST_FILES)).toEqual([]);
    expect(crowded(['a/b.ts', 'a/c.ts', 'd.ts'], 1)).toEqual(['a has 2 files']);
  });

  it.each([
    ['utils/domain/a.ts', "import { pulse } from '../services/pulse.ts';", 'as a parameter'],
    ['utils/domain/base/a.ts', "import { z } from 'zod/mini';", 'zod from utils/shared/schema.ts'],
    ['utils/domain/session/a.ts', "import { standing } from '../view/standing.ts';", 'each may import those before it'],
    ['utils/domain/capture/a.ts', "import type { Plan } from '../session/plan.ts';", 'each may import those before it'],
    ['utils/domain/nouns/a.ts', "import { check } from '../base/check.ts';", 'each may import those before it'],
    ['utils/shared/a.ts', "import { say } from '../domain/base/words.ts';", 'the backend runs it too'],
    ['utils/shared/a.ts', "import { z } from 'zod/mini';", 'zod comes from ./schema.ts'],
    ['utils/shared/a.ts', 'const now = Date.now();', 'take `now`'],
    ['utils/domain/a.ts', "import type { Badge } from '../../components/badge.tsx';", 'as a parameter'],
    ['utils/domain/a.ts', "export * from '../platform/http.ts';", 'as a parameter'],
    ['utils/domain/a.ts', "const one = await import('../platform/http.ts');", 'as a parameter'],
    ['utils/domain/a.ts', "import {\n  one,\n  two,\n} from '../platform/http.ts';", 'as a parameter'],
    ['utils/domain/a.ts', "import '../platform/http.ts';", 'as a parameter'],
    ['utils/domain/brokers/a.ts', "import { readFileSync } from 'node:fs';", 'as a parameter'],
    ['utils/domain/a.ts', 'const now = Date.now();', 'take `now`'],
    ['utils/domain/a.ts', 'const now = new Date();', 'take `now`'],
    ['utils/domain/a.ts', 'const id = Math.random();', 'as a parameter'],
    ['utils/domain/a.ts', 'const id = crypto.randomUUID();', 'as a parameter'],
    ['utils/domain/a.ts', 'await fetch(url);', 'utils/platform/network/http.ts'],
    ['utils/domain/a.ts', 'setTimeout(wake, 10);', 'utils/platform/runtime/alarms.ts'],
    ['utils/domain/a.ts', 'browser.tabs.create({});', 'utils/platform does it'],
    ['utils/domain/a.ts', 'const id = chrome.runtime.id;', 'utils/platform does it'],
    ['utils/hold/main-world/a.ts', "import { check } from '../../domain/base/check.ts';", 'stand in a page'],
    ['utils/hold/main-world/a.ts', "import { runtime } from '../isolated/page-runtime.ts';", 'stand in a page'],
    ['utils/hold/main-world/a.ts', "import { z } from 'zod/mini';", 'stand in a page'],
    ['utils/hold/isolated/a.ts', "import { get } from '../../platform/storage/database.ts';", 'ask the background'],
    ['utils/hold/isolated/a.ts', "import { pulse } from '../../services/pulse/pulse.ts';", 'ask the background'],
    ['utils/platform/a.ts', "import { plan } from '../domain/plan.ts';", 'decide in utils/domain'],
    ['utils/platform/a.ts', "import { type Plan, plan } from '../domain/plan.ts';", 'decide in utils/domain'],
    ['utils/platform/a.ts', "import browser from 'webextension-polyfill';", 'from ./browser.ts'],
    ['utils/platform/a.ts', "import { get } from 'idb-keyval';", './database.ts'],
    ['utils/platform/a.ts', "import { pulse } from '../services/pulse.ts';", 'utils/services'],
    ['utils/services/a.ts', "import browser from 'webextension-polyfill';", 'utils/platform'],
    ['utils/services/a.ts', "import { signal } from '@preact/signals';", 'components'],
    ['utils/services/a.ts', "import { Popup } from '../../components/popup.tsx';", 'components'],
    ['components/a.tsx', "import { pulse } from '../utils/services/pulse/pulse.ts';", 'as a property'],
    ['components/a.tsx', "import { browser } from '../utils/platform/browser.ts';", 'as a property'],
    ['components/a.tsx', "import clsx from 'clsx';", 'as a property'],
    ['entrypoints/a.ts', "import ky from 'ky';", 'package.json'],
    ['entrypoints/a.ts', "import { KiteConnect } from 'kiteconnect';", 'backend only'],
    ['utils/services/a.ts', "import io from 'socket.io-client';", 'backend only'],
    ['backend/src/a.ts', "import { pulse } from '../../utils/services/pulse.ts';", 'utils/shared'],
    ['backend/src/a.ts', "import { say } from '../../utils/domain/base/words.ts';", 'utils/shared'],
    ['backend/src/a.ts', "import express from 'express';", 'backend/package.json'],
    ['backend/src/a.ts', "import { page } from '../../test/brokers/page.ts';", 'may know the tests'],
    ['wxt.config.ts', "import { page } from './test/brokers/page.ts';", 'may know the tests'],
  ])('%s may not say %j', (path, text, instead) => {
    const [said, ...more] = violations({ path, text }, packages);
    expect(more).toEqual([]);
    expect(said).toContain(path);
    expect(said).toContain(instead);
  });

  it.each([
    ['utils/shared/schema.ts', "import * as z from 'zod/mini';"],
    ['utils/domain/a.ts', "// Date.now() stays outside\nconst says = 'in this browser. Really'; /* fetch( */"],
    ['utils/domain/a.ts', 'const at = new Date(now + 1);'],
    [
      'utils/platform/a.ts',
      "import { SECOND } from '../domain/time.ts';\nimport type { Plan } from '../domain/plan.ts';",
    ],
    [
      'utils/hold/main-world/a.ts',
      "import { effectOf } from '../../domain/dashboards/effect.ts';\nimport type { Signal } from '../../domain/dashboards/signal.ts';",
    ],
    ['utils/domain/view/a.ts', "import { chainOf } from '../session/chain.ts';"],
    ['utils/hold/isolated/a.ts', "import { renew } from '../../domain/hold/hold-steps.ts';"],
    ['utils/platform/browser.ts', "import browser from 'webextension-polyfill';"],
    ['utils/platform/storage/database.ts', "import { get } from 'idb-keyval';"],
    ['components/a.tsx', "import { render } from 'preact';\nimport './a.css';"],
    ['entrypoints/a.ts', "import { defineBackground } from 'wxt/utils/define-background';"],
    ['backend/src/a.ts', "import { KiteConnect } from 'kiteconnect';\nimport { join } from 'node:path';"],
    ['test/a.ts', "import { KiteConnect } from 'kiteconnect';"],
  ])('%s may say %j', (path, text) => expect(violations({ path, text }, packages)).toEqual([]));
});

describe('the packages that run on a person’s machine', () => {
  it.each([
    ['package.json', WHY.extension],
    ['backend/package.json', WHY.backend],
  ])('%s has only those with a reason here', (path, reasons) => {
    expect(dependenciesOf(join(ROOT, path)).sort()).toEqual(Object.keys(reasons).sort());
  });
});
