import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseJson } from '../../../utils/shared/schema.ts';
import { freePort } from '../../support/backend/practice.ts';
import { KEYS, temporaryDir, until } from './harness.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const dir = temporaryDir();
afterAll(() => dir.remove());

/** The instructions of the image's last stage, or of a stage with this name. */
function instructions(name: string): string[] {
  const lines = read('backend/Dockerfile').split('\n');
  const starts = lines.flatMap((line, index) => (line.startsWith('FROM ') ? [index] : []));
  const start = name === '' ? starts.at(-1) : starts.find((index) => lines[index]?.endsWith(` AS ${name}`));
  if (start === undefined) throw new Error(`the Dockerfile has no stage ${name}`);
  return lines
    .slice(
      start,
      starts.find((index) => index > start),
    )
    .filter((line) => /^[A-Z]+ /.test(line));
}

const valuesOf = (all: string[], word: string) =>
  all.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
/** Sources and target of each COPY from the build's own folder. */
const copies = (all: string[]) =>
  valuesOf(all, 'COPY')
    .filter((line) => !line.startsWith('--from'))
    .map((line) => ({ sources: line.split(' ').slice(0, -1), target: line.split(' ').at(-1) ?? '' }));
const command = (line = ''): string[] => {
  const words = parseJson(line.slice(line.indexOf('[')));
  return Array.isArray(words) ? words.map((word) => (word === 'node' ? process.execPath : String(word))) : [];
};

describe('the image', () => {
  const image = instructions('');

  it('copies only what exists, and what its ignore file lets through', () => {
    const sources = [...copies(image), ...copies(instructions('packages'))].flatMap(({ sources }) => sources);
    const admitted = read('backend/Dockerfile.dockerignore').split('\n');
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    expect(sources.filter((source) => !admitted.includes(`!${source}`))).toEqual([]);
    expect(admitted).toContain('*');
  });

  it('runs as nobody special, on the Node that the packages were made with', () => {
    expect(valuesOf(image, 'USER')).toEqual(['node']);
    const major = JSON.parse(read('package.json')).devDependencies.node.split('.')[0];
    const bases = read('backend/Dockerfile').match(/^FROM \S+/gm);
    expect(bases).toEqual([`FROM node:${major}-slim`, `FROM node:${major}-slim`]);
  });

  it('starts from the files it copies and the packages it names, and its health check follows it', async () => {
    const app = join(dir.path, 'app');
    for (const { sources, target } of copies(image))
      for (const source of sources) {
        const place = join(
          app,
          target,
          sources.length > 1 || target.endsWith('/') ? (source.split('/').at(-1) ?? '') : '',
        );
        mkdirSync(dirname(place), { recursive: true });
        cpSync(join(ROOT, source), place, { recursive: true });
      }
    for (const name of Object.keys(JSON.parse(read('backend/package.json')).dependencies)) {
      mkdirSync(dirname(join(app, 'node_modules', name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
    }
    const set = Object.fromEntries(
      valuesOf(image, 'ENV').flatMap((line) => line.split(' ').map((one) => one.split('='))),
    );
    expect(valuesOf(image, 'VOLUME')).toEqual([set.DATA_DIR]);
    expect(valuesOf(image, 'EXPOSE')).toEqual([set.PORT]);
    const env = { ...set, ...KEYS, PORT: String(await freePort()), DATA_DIR: join(dir.path, 'data') };
    const [program = '', ...args] = command(valuesOf(image, 'CMD')[0]);
    const [checker = '', ...checkArgs] = command(valuesOf(image, 'HEALTHCHECK')[0]);
    const health = () => spawnSync(checker, checkArgs, { env, cwd: app }).status;

    expect(health()).toBe(1);
    const child = spawn(program, args, { env, cwd: app });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    const ended = new Promise((done) => child.once('close', done));
    try {
      await until(
        async () => output,
        (text) => text.includes('Opening Bell backend'),
      );
      expect(health()).toBe(0);
    } finally {
      child.kill('SIGTERM');
    }
    expect({ code: await ended, output }).toMatchObject({ code: 0 });
    expect(health()).toBe(1);
  });
});

describe('the systemd unit', () => {
  const unit = read('backend/opening-bell.service');
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

  it('starts a file that is there, and keeps the data where systemd lets it write', () => {
    const [program, script = ''] = value('ExecStart').split(' ');
    // The Node among the packages is a tool of the project: an install for production leaves it out.
    expect(program).toBe('/usr/bin/node');
    expect(existsSync(join(ROOT, script))).toBe(true);
    expect(value('Environment')).toContain(`DATA_DIR=/var/lib/${value('StateDirectory')}`);
    expect(read('backend/operating.md')).toContain(`sudo cp ${value('WorkingDirectory')}/backend/opening-bell.service`);
    expect(read('backend/operating.md')).toContain(value('EnvironmentFile'));
  });

  it.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)('is taken by systemd without a complaint', () => {
    const copy = join(dir.path, 'opening-bell.service');
    const [program = ''] = value('ExecStart').split(' ');
    writeFileSync(copy, unit.replaceAll(program, process.execPath));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', copy], { encoding: 'utf8' });
    expect({ status, said: stderr.split('\n').filter((line) => line.includes('opening-bell')) }).toEqual({
      status: 0,
      said: [],
    });
  });
});
