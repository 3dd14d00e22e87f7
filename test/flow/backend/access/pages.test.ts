import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../../../backend/src/backend.ts';
import { programKey } from '../../../support/backend/program-key.ts';
import { KEYS, temporaryDir } from '../harness.ts';

const README = readFileSync(resolve(import.meta.dirname, '../../../../backend/README.md'), 'utf8');
const rows = [...README.matchAll(/^\| (`(?:GET|POST)[^|]*) \|/gm)].map(([, cell = '']) => cell);
/** `GET` and `POST /a/b` is two routes. */
const routes = rows.flatMap((cell) => {
  const path = /(\/[^`]*)`/.exec(cell)?.[1] ?? '';
  return [...cell.matchAll(/GET|POST/g)].map(([method]) => [method, path] as const);
});

const dir = temporaryDir();
let backend: Backend;
let url: string;
/** A request that waits in the queue. */
let job: string;

beforeAll(async () => {
  const env = {
    ...KEYS,
    PORT: '0',
    DATA_DIR: dir.path,
    ADMIN_PASSWORD: 'a long practice password',
    FALLBACK_DATA: 'off',
  };
  backend = await startBackend(env, { log: () => {} });
  url = `http://127.0.0.1:${backend.port}`;
  const answer = await fetch(`${url}/queue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...programKey(dir.path) },
    body: JSON.stringify({ type: 'profile', account: 'zerodha' }),
  });
  job = (await answer.json()).job.id;
});
afterAll(async () => {
  await backend.close();
  dir.remove();
});

describe('every route of the README', () => {
  it('is found in its table', () => expect(routes.length).toBeGreaterThan(15));

  it.each(routes)('%s %s is there', async (method, path) => {
    const controller = new AbortController();
    const real = path.replace(':id', job).replace(':account', 'zerodha');
    const response = await fetch(url + real, {
      method,
      redirect: 'manual',
      headers: programKey(dir.path),
      signal: controller.signal,
    });
    controller.abort();
    expect(response.status).not.toBe(404);
  });
});

describe.each(['/', '/session-manager', '/admin/login'])('the page %s', (path) => {
  it('runs nothing but our own files, and may be framed by nobody', async () => {
    const headers = programKey(dir.path);
    const response = await fetch(url + path, { headers });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const html = await response.text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)/i);
    const files = [...html.matchAll(/(?:src|href)="((?:\.\.\/)?assets\/[^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect([file, (await fetch(new URL(file, url + path), { headers })).status]).toEqual([file, 200]);
  });
});
