import tls from 'node:tls';
import type { Certificate } from './certificate.ts';
import { HOSTS } from './hosts.ts';

const RESOLVE = new URL('./resolve.mjs', import.meta.url).href;

/** The switches with which a Chromium finds and trusts the practice brokers; it needs its own profile folder. */
export function chromiumArgs(port: number, { spki }: Certificate): string[] {
  const rules = HOSTS.map((host) => `MAP ${host}:443 127.0.0.1:${port}`).join(', ');
  return [`--host-resolver-rules=${rules}`, `--ignore-certificate-errors-spki-list=${spki}`];
}

/** The environment with which a Node process, its workers included, finds and trusts them. */
export function nodeEnv(port: number, { file }: Certificate): Record<string, string> {
  return { NODE_EXTRA_CA_CERTS: file, NODE_OPTIONS: `--import ${RESOLVE}`, PRACTICE_BROKERS: portMap(port) };
}

/** Makes this very process find and trust them; the returned function ends it. */
export async function reachFromHere(port: number, { cert }: Certificate): Promise<() => void> {
  const trusted = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...trusted, cert]);
  process.env.PRACTICE_BROKERS = portMap(port);
  await import(RESOLVE);
  return () => {
    tls.setDefaultCACertificates(trusted);
    delete process.env.PRACTICE_BROKERS;
  };
}

function portMap(port: number): string {
  return JSON.stringify(Object.fromEntries(HOSTS.map((host) => [host, port])));
}
