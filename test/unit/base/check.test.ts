import { describe, expect, it } from 'vitest';
import { check as inEnglish } from '../../../backend/src/config/problems.ts';
import { check } from '../../../utils/domain/base/check.ts';
import { problem } from '../../../utils/shared/problem.ts';
import { check as inCodes, z } from '../../../utils/shared/schema.ts';

const Form = z.strictObject({
  side: z.enum(['buy', 'sell']),
  size: z.int().check(z.gte(1)),
  note: z.string().check(z.minLength(1), z.maxLength(3)),
});
const valid = { side: 'buy', size: 1, note: 'abc' };

describe('a problem is a code with its field and values, and each speaker has a sentence for it', () => {
  it.each([
    [{ ...valid, side: 'hold' }, problem('side', 'one_of', '"buy"', '"sell"'), 'must be "buy" or "sell"'],
    [{ ...valid, size: 1.5 }, problem('size', 'type', 'int'), 'must be a whole number'],
    [{ ...valid, size: 0 }, problem('size', 'least_number', 1), 'must be at least 1'],
    [{ ...valid, note: '' }, problem('note', 'empty'), 'must not be empty'],
    [{ ...valid, note: 'abcd' }, problem('note', 'most_characters', 3), 'must be at most 3 characters long'],
    [{ ...valid, note: undefined }, problem('note', 'missing'), 'is missing'],
    [{ ...valid, more: 1 }, problem('more', 'unknown_field'), 'is not a known field'],
  ])('%j', (input, coded, message) => {
    expect(inCodes(Form, input)).toEqual({ ok: false, problems: [coded] });
    for (const speaks of [check, inEnglish])
      expect(speaks(Form, input)).toEqual({ ok: false, problems: [{ field: coded.field, message }] });
  });
});
