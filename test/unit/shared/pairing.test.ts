import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain, told } from '../../../utils/domain/base/check.ts';
import { readPairing, writePairing } from '../../../utils/shared/pairing.ts';
import { pairing } from '../../support/samples/samples.ts';

const line = writePairing(pairing());

describe('a pairing string', () => {
  it('is one word that a terminal and a double click keep whole', () => expect(line).toMatch(/^obp1_[A-Za-z0-9_-]+$/));

  it.each([
    pairing(),
    pairing({ broker: 'icici', api_key: 'k+=!#%^~&()* ', expected_user: null, mode: 'forward' }),
    pairing({ redirect_url: 'https://app.example/zurück?a=1', api_key: '₹€😀' }),
  ])('comes back as it was written: %o', (value) => {
    expect(readPairing(writePairing(value))).toEqual({ ok: true, value });
  });

  it('comes back for any API key', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 100, unit: 'binary' }), (api_key) => {
        const value = pairing({ api_key: api_key.toWellFormed() });
        expect(readPairing(writePairing(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('survives what terminals and mails add', () => {
    const folded = (line.match(/.{1,60}/g) ?? []).join('\n  ');
    expect(readPairing(` ${folded}\r\n`)).toEqual({ ok: true, value: pairing() });
  });

  it('may be copied with the account’s name that stands before it', () => {
    expect(readPairing(`zerodha: ${line}`)).toEqual(readPairing(line));
    expect(readPairing(`https://evil.example/?a=${line}`).ok).toBe(false);
  });

  it('is refused when it was cut anywhere, and says so', () => {
    for (let length = 0; length < line.length; length++) {
      const read = told(readPairing(line.slice(0, length)));
      const says = read.ok ? '' : explain(read.problems);
      expect(says, `cut to ${length}`).toMatch(/^pairing (is empty|must begin with obp1_|is not whole)/);
    }
  });

  it.each([
    ['another prefix', line.replace('obp1_', 'obp2_'), 'must begin with obp1_'],
    ['something before it', `x${line}`, 'must begin with obp1_'],
    ['a foreign letter', `${line.slice(0, 40)}*${line.slice(41)}`, 'is not whole'],
    ['a lost beginning', `obp1_${line.slice(20)}`, 'is not whole'],
    ['no JSON', `obp1_${btoa('pairing')}`, 'is not whole'],
    ['bytes that are no text', `obp1_${btoa('"\xff\xfe"')}`, 'is not whole'],
    ['no object', `obp1_${btoa('7')}`, 'pairing must be a set of named values'],
    ['an http URL elsewhere', writePairing(pairing({ url: 'http://backend.example/' })), 'url must be an https URL'],
    ['a file URL', writePairing(pairing({ url: 'file:///etc/passwd' })), 'url must be an https URL'],
    [
      'a URL with a password',
      writePairing(pairing({ url: 'https://a:b@backend.example/' })),
      'url must be an https URL',
    ],
    ['a short secret', writePairing(pairing({ secret: 'whsec_short' })), 'secret must begin with whsec_'],
    ['a redirect without scheme', writePairing(pairing({ redirect_url: 'www.google.com' })), 'redirect_url must be'],
    ['an empty key', writePairing(pairing({ api_key: '' })), 'api_key must not be empty'],
    ['a strange name', writePairing(pairing({ account: '<b>' })), 'account must be'],
  ])('says what is wrong with %s', (_what, text, says) => {
    const read = told(readPairing(text));
    expect(read.ok ? '' : explain(read.problems)).toContain(says);
  });

  it('is read or refused, never thrown', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readPairing(`obp1_${text}`)));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = Buffer.from(JSON.stringify(value)).toString('base64url');
        expect(readPairing(`obp1_${text}`).ok).toBe(false);
      }),
    );
  });
});
