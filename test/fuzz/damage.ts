import fc from 'fast-check';

/** A stored record with one bit of its text changed: in the data, the checksum or the version. */
export interface Flip {
  /** Which record, which of its letters, which bit; each counts round. */
  record: number;
  letter: number;
  bit: number;
}

export const flips: fc.Arbitrary<Flip> = fc.record({
  record: fc.nat(1_000),
  letter: fc.nat(100_000),
  bit: fc.nat(6),
});

interface Envelope {
  version: number;
  sum: string;
  json: string;
}

/** The record with that bit flipped, as a store could give it back. */
export function flipped(record: unknown, { letter, bit }: Flip): unknown {
  const { version, sum, json } = record as Envelope;
  const whole = `${version}${sum}${json}`;
  const at = letter % whole.length;
  const changed = whole.slice(0, at) + String.fromCharCode(whole.charCodeAt(at) ^ (1 << bit)) + whole.slice(at + 1);
  return { version: Number(changed[0]), sum: changed.slice(1, 1 + sum.length), json: changed.slice(1 + sum.length) };
}
