import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { DAY } from '../../utils/shared/time.ts';
import { HOSTS } from './hosts.ts';

export interface Certificate {
  cert: string;
  key: string;
  /** Where the certificate lies as PEM, for `NODE_EXTRA_CA_CERTS`. */
  file: string;
  /** Base64 SHA-256 of the public key: how Chromium is told to accept this one certificate and no other. */
  spki: string;
  remove(): Promise<void>;
}

/** One self-signed certificate for all these names, its key known to this process only. */
export async function makeCertificate(names: readonly string[] = HOSTS): Promise<Certificate> {
  const pem = await generate([{ name: 'commonName', value: 'Practice brokers' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - DAY),
    notAfterDate: new Date(Date.now() + 30 * DAY),
    extensions: [
      // Not a certificate authority: trusting it cannot vouch for any other name.
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'practice-brokers-'));
  const file = join(folder, 'certificate.pem');
  await writeFile(file, pem.cert);
  return {
    cert: pem.cert,
    key: pem.private,
    file,
    spki: spkiOf(pem.cert),
    remove: () => rm(folder, { recursive: true }),
  };
}

function spkiOf(cert: string): string {
  const der = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64');
}
