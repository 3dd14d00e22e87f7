import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Certificate, makeCertificate } from '../brokers/certificate.ts';
import { freePort } from '../support/backend/practice.ts';
import { until } from '../support/until.ts';
import { proxyProgram } from './install.mjs';

export const PROXIES = ['nginx', 'caddy'] as const;
export type ProxyName = (typeof PROXIES)[number];

/** The names that the page of the docs gives the backend: at the top of a host, and under a sub-path. */
export const TOP = 'bell.example.net';
export const SUB = 'home.example.net';

const PAGE = resolve(import.meta.dirname, '../../backend/behind-a-proxy.md');

/** Proxies that are not on this machine, and what is not run without them. */
export function missingProxies(): string[] {
  return PROXIES.filter((name) => proxyProgram(name) === null).map(
    (name) => `the backend behind ${name}: there is no ${name} on this machine`,
  );
}

export interface RunningProxy {
  port: number;
  certificate: Certificate;
  close(): Promise<void>;
}

/** Starts a proxy with the blocks of the docs as they stand, but for ports and certificate. */
export async function startProxy(
  name: ProxyName,
  backendPort: number,
  change = (text: string) => text,
): Promise<RunningProxy> {
  const program = proxyProgram(name);
  if (program === null) throw new Error(`there is no ${name} on this machine`);
  const folder = mkdtempSync(join(tmpdir(), `opening-bell-${name}-`));
  const certificate = await makeCertificate([TOP, SUB]);
  writeFileSync(join(folder, 'cert.pem'), certificate.cert);
  writeFileSync(join(folder, 'key.pem'), certificate.key);
  const port = await freePort();
  const settings = change(CONFIGURE[name](blocks(name), folder, port)).replaceAll(
    '127.0.0.1:8787',
    `127.0.0.1:${backendPort}`,
  );
  const file = join(folder, 'settings');
  writeFileSync(file, settings);
  const args = name === 'nginx' ? ['-p', folder, '-c', file] : ['run', '--adapter', 'caddyfile', '--config', file];
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = new Promise((done) => child.once('close', done));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
    await certificate.remove();
  };
  const isUp = await until(
    () => listens(port, child),
    (state) => state !== 'not yet',
  );
  if (isUp === 'listens') return { port, certificate, close };
  await close();
  throw new Error(`${name} did not start: ${said}`);
}

/** The fenced blocks of the docs for this proxy. */
function blocks(name: ProxyName): string {
  const found = [...readFileSync(PAGE, 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return found.flatMap(([, language, code = '']) => (language === name ? [code] : [])).join('\n');
}

const CONFIGURE: Record<ProxyName, (text: string, folder: string, port: number) => string> = {
  nginx: (text, folder, port) => `
daemon off;
pid ${folder}/pid;
error_log stderr warn;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
${text
  .replaceAll('listen 443', `listen 127.0.0.1:${port}`)
  .replaceAll(/ssl_certificate \S+;/g, `ssl_certificate ${folder}/cert.pem;`)
  .replaceAll(/ssl_certificate_key \S+;/g, `ssl_certificate_key ${folder}/key.pem;`)}
}`,
  caddy: (text, folder, port) => `
{
  admin off
  auto_https disable_redirects
}
${text.replaceAll(/^(\S+\.example\.net) \{$/gm, `https://$1:${port} {\n    bind 127.0.0.1\n    tls ${folder}/cert.pem ${folder}/key.pem`)}`,
};

function listens(port: number, { exitCode }: ChildProcess): Promise<'listens' | 'ended' | 'not yet'> {
  if (exitCode !== null) return Promise.resolve('ended');
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done('listens');
    });
    socket.once('error', () => done('not yet'));
  });
}
