import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataKey, keyIn, pairingSecret, pairingSecrets } from '../../../backend/src/config/secrets.ts';
import { decrypt, encrypt, tokenHash } from '../../../backend/src/store/encryption.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

let dir: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => dir.remove());

describe('the pairing secret', () => {
  it('is made once, 32 random bytes, for the owner alone', () => {
    const secret = pairingSecret(dir.path, 'zerodha');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(pairingSecret(dir.path, 'zerodha')).toBe(secret);
    expect(pairingSecret(dir.path, 'icici')).not.toBe(secret);
    expect(statSync(join(dir.path, 'secret-zerodha')).mode & 0o777).toBe(0o600);
  });

  it('takes back what other users may read', () => {
    pairingSecret(dir.path, 'zerodha');
    chmodSync(join(dir.path, 'secret-zerodha'), 0o644);
    pairingSecret(dir.path, 'zerodha');
    expect(statSync(join(dir.path, 'secret-zerodha')).mode & 0o777).toBe(0o600);
  });

  it('BCK-02 has one before it while it is rotated', () => {
    const old = pairingSecret(dir.path, 'zerodha');
    const path = join(dir.path, 'secret-zerodha');
    writeFileSync(path, `whsec_${'A'.repeat(44)}\n${readFileSync(path, 'utf8')}`);
    expect(pairingSecrets(dir.path, 'zerodha')).toEqual([`whsec_${'A'.repeat(44)}`, old]);
  });

  it('says which file holds none', () => {
    writeFileSync(join(dir.path, 'secret-zerodha'), 'password\n');
    expect(() => pairingSecrets(dir.path, 'zerodha')).toThrow(/secret-zerodha holds no pairing secret/);
  });
});

describe('the key in KEY_FILE', () => {
  const KEY = Buffer.alloc(32, 5).toString('base64');
  const made = (text: string, mode = 0o600) => {
    const file = join(dir.path, 'key-file');
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };

  it.each([0o600, 0o400, 0o440])('is read where its mode is %o', (mode) => {
    expect(keyIn(made(`${KEY}\n`, mode))).toEqual(Buffer.alloc(32, 5));
  });

  it.each([
    ['with padding', 'base64', '='],
    ['without padding', 'base64', ''],
    ['in the alphabet of addresses', 'base64url', ''],
    ['in that one, with padding', 'base64url', '='],
  ] as const)('is read %s', (_how, alphabet, padding) => {
    const key = Buffer.alloc(32, 0xfb);
    expect(keyIn(made(`${key.toString(alphabet).replace('=', '')}${padding}\n`))).toEqual(key);
  });

  it.each([0o644, 0o604, 0o602, 0o620])('is refused where its mode is %o', (mode) => {
    expect(() => keyIn(made(KEY, mode))).toThrow(
      /^KEY_FILE: .*key-file can be .* by other users: chmod 600 it, or mount it with mode 0440$/,
    );
  });

  it('is asked for where there is none in it', () => {
    expect(() => keyIn(made('\n'))).toThrow(/^KEY_FILE: .*key-file is empty: openssl rand -base64 32 makes a key$/);
  });

  it.each([
    ['16 bytes', Buffer.alloc(16).toString('base64')],
    ['33 bytes', Buffer.alloc(33).toString('base64')],
    ['hex', Buffer.alloc(32).toString('hex')],
    ['a sentence that holds enough letters', 'this is not a key at all, and it is far too long for one'],
    ['two keys', `${KEY}\n${KEY}`],
  ])('is refused where it is %s, without a word of making a new one', (_what, text) => {
    expect(() => keyIn(made(text))).toThrow(/^KEY_FILE: .*key-file must hold 32 bytes as base64, and nothing else$/);
  });
});

describe('a sealed token', () => {
  it('opens with its key and in its place only', () => {
    const key = dataKey(dir.path);
    const sealed = encrypt(key, 'zerodha', 'token');
    expect(decrypt(key, 'zerodha', sealed)).toBe('token');
    expect(decrypt(key, 'icici', sealed)).toBeNull();
    expect(decrypt(Buffer.alloc(32), 'zerodha', sealed)).toBeNull();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(decrypt(key, 'zerodha', sealed)).toBeNull();
    expect(decrypt(key, 'zerodha', sealed.subarray(0, 5))).toBeNull();
  });

  it('is recognised under its key only', () => {
    expect(tokenHash(dataKey(dir.path), 'icici', '12345678')).not.toBe(
      tokenHash(Buffer.alloc(32), 'icici', '12345678'),
    );
  });
});
