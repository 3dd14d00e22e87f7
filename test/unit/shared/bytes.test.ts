import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, textFromBase64Url, toBase32, toBase64, toBase64Url, toHex } from '../../../utils/shared/bytes.ts';

const bytes = fc.uint8Array({ maxLength: 70 });

describe('bytes as text', () => {
  it('are the same for Node, and come back', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const node = Buffer.from(some);
        expect(toBase64(some)).toBe(node.toString('base64'));
        expect(toBase64Url(some)).toBe(node.toString('base64url'));
        expect(toHex(some)).toBe(node.toString('hex'));
        expect(fromBase64(toBase64(some))).toEqual(some);
      }),
    );
  });

  it('of any text come back from base64url', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (some) => {
        const text = some.toWellFormed();
        expect(textFromBase64Url(toBase64Url(new TextEncoder().encode(text)))).toBe(text);
      }),
    );
  });

  // https://www.rfc-editor.org/rfc/rfc4648#section-10
  it.each([
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('%s is %s in base32', (text, coded) => expect(toBase32(new TextEncoder().encode(text))).toBe(coded));

  it.each(['=', 'a', '#', 'äöü'])('%j is neither', (text) => {
    expect(fromBase64(text)).toBeNull();
    expect(textFromBase64Url(text)).toBeNull();
  });

  it('that are no UTF-8 are no text', () => expect(textFromBase64Url(toBase64Url(Uint8Array.of(0xff)))).toBeNull());
});
