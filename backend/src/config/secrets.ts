import { randomBytes, randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Secret } from '../../../utils/shared/pairing.ts';
import { check } from '../../../utils/shared/schema.ts';
import type { AccountName } from './account-name.ts';

/** Makes the directory, or finds it made. Throws a sentence that names it where nothing could be kept there. */
export function prepareDataDir(dataDir: string): void {
  try {
    makeFolder(resolve(dataDir));
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `DATA_DIR: ${resolve(dataDir)} cannot be used (${String(codeOf(error))}): ${meaningOf(codeOf(error))}`,
    );
  }
}

// Node's own way of making every folder above never ends in /proc (2026-11, Node 24).
// https://nodejs.org/api/fs.html#fsmkdirsyncpath-options
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

function meaningOf(code: unknown): string {
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there';
  if (code === 'EROFS') return 'that file system is read-only';
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file stands in its way';
  return 'name a folder that can be made';
}

/**
 * The pairing secrets of an account, the current one first; made on first need.
 * A second line of the file is the secret before it, good until the line is removed: that is how a secret is rotated.
 */
export function pairingSecrets(dataDir: string, account: AccountName): string[] {
  const file = secretFile(account);
  const lines = readOrCreate(dataDir, file, () => `whsec_${randomBytes(32).toString('base64')}`).split('\n');
  const secrets = lines.map((line) => line.trim()).filter((line) => line !== '');
  const readable = secrets.length > 0 && secrets.every((secret) => check(Secret, secret).ok);
  if (!readable) throw new Error(`${join(dataDir, file)} holds no pairing secret: remove it and pair again`);
  return secrets;
}

export function secretFile(account: AccountName): string {
  return `secret-${account}`;
}

/** The pairing secret that new pairings get. */
export function pairingSecret(dataDir: string, account: AccountName): string {
  return pairingSecrets(dataDir, account)[0] ?? '';
}

/** The key under which access tokens lie in the database: 32 bytes. */
export function dataKey(dataDir: string): Buffer {
  const key = Buffer.from(
    readOrCreate(dataDir, 'key', () => randomBytes(32).toString('base64')),
    'base64',
  );
  if (key.length !== 32) throw new Error(`${join(dataDir, 'key')} holds no key: remove it and log in again`);
  return key;
}

// Of either alphabet, padded or not: Node reads each of them alike.
const KEY_TEXT = /^[A-Za-z0-9+/_-]{43}=?$/;
// A group may read it: that is how containers and systemd hand a secret to a user who is not root.
const TOO_OPEN = 0o027;

/** Whether other users can read or change a file of this mode. Windows has no such modes: Node reports 0o666 there. */
export function isOpenTo(mode: number, platform: string = process.platform): boolean {
  return platform !== 'win32' && (mode & TOO_OPEN) !== 0;
}

/**
 * The key in a file that the person has made: `openssl rand -base64 32` makes one. Throws a sentence when it is none, or
 * when others can read it; its mode is the person's to mend, since the file may be shared or read-only.
 */
export function keyIn(file: string): Buffer {
  if (isOpenTo(statSync(file).mode))
    throw new Error(
      `KEY_FILE: ${file} can be read or changed by other users: chmod 600 it, or mount it with mode 0440`,
    );
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') throw new Error(`KEY_FILE: ${file} is empty: openssl rand -base64 32 makes a key`);
  // No word of a new key here: it would lock out of the database whoever has only damaged the old one.
  if (!KEY_TEXT.test(text)) throw new Error(`KEY_FILE: ${file} must hold 32 bytes as base64, and nothing else`);
  return Buffer.from(text, 'base64');
}

/** The same key where there is one, made by nobody but a backend; else null. */
export function existingDataKey(dataDir: string): Buffer | null {
  return read(join(dataDir, 'key')) === null ? null : dataKey(dataDir);
}

/** What the person's own code shows to be given the access token; made on first need. */
export function sessionKey(dataDir: string): string {
  return readOrCreate(dataDir, 'session-key', () => `obk_${randomBytes(32).toString('base64url')}`);
}

/** What a collector of metrics shows; made on first need. */
export function metricsKey(dataDir: string): string {
  return readOrCreate(dataDir, 'metrics-key', () => `obm_${randomBytes(32).toString('base64url')}`);
}

/** What every process that takes deliveries or tells the session must have alike, by the names of their files. */
export function sharedSecrets(dataDir: string, accounts: readonly AccountName[]): Record<string, string[]> {
  const paired = accounts.map((account) => [secretFile(account), pairingSecrets(dataDir, account)] as const);
  return { ...Object.fromEntries(paired), 'session-key': [sessionKey(dataDir)] };
}

function readOrCreate(dataDir: string, file: string, make: () => string): string {
  const path = join(dataDir, file);
  const existing = read(path);
  if (existing !== null) return existing;
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A link fails where a rename would replace: of two processes that start at once, the first one's secret stays.
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return read(path) ?? '';
}

function read(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    chmodSync(path, 0o600);
    return text;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
