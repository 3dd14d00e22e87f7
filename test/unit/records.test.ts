import { describe, expect, it } from 'vitest';
import { Delivery } from '../../utils/domain/delivery.ts';
import { type Damaged, unwrap, unwrapAll, wrap } from '../../utils/domain/records.ts';
import { delivery } from '../support/samples.ts';

const record = wrap(delivery()) as { version: number; sum: string; json: string };

describe('a stored record', () => {
  it('comes back as it was stored', () => expect(unwrap(Delivery, record)).toEqual({ ok: true, value: delivery() }));

  it('shows every flipped, lost or doubled character', () => {
    for (const field of ['sum', 'json'] as const) {
      const text = record[field];
      for (let at = 0; at < text.length; at++) {
        const before = text.slice(0, at);
        const after = text.slice(at + 1);
        const flipped = [1, 2, 4, 8, 16, 32, 64, 128, 0x8000].map((bit) =>
          String.fromCharCode(text.charCodeAt(at) ^ bit),
        );
        const doubled = text.charAt(at) + text.charAt(at);
        for (const instead of [...flipped, '', doubled])
          expect(unwrap(Delivery, { ...record, [field]: before + instead + after }).ok, `${field} ${at}`).toBe(false);
      }
    }
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { ...record, version: 2 },
    { ...record, version: '1' },
    { ...record, more: 1 },
    { ...record, json: undefined },
    { ...record, json: '' },
    delivery(),
  ])('is refused as %j', (damaged) => expect(unwrap(Delivery, damaged)).toMatchObject({ ok: false }));

  it('is refused when it is whole but of another shape', () => {
    const { body: _body, ...less } = delivery();
    const read = unwrap(Delivery, wrap(less));
    expect(read).toMatchObject({ ok: false, problems: [{ field: 'body' }] });
  });

  it('that is damaged is named, and does not hide the others', () => {
    const damaged: Damaged[] = [];
    const records = new Map([
      ['good', record],
      ['bad', { ...record, sum: '00000000' }],
    ]);
    expect(unwrapAll(Delivery, records, 'delivery:', damaged)).toEqual([delivery()]);
    expect(damaged).toMatchObject([{ key: 'delivery:bad', problems: [{ message: 'does not match its checksum' }] }]);
  });
});
