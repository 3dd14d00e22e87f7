import { describe, expect, it } from 'vitest';
import { type Damaged, isNewer, type Kind, unwrap, unwrapAll, wrap } from '../../../utils/domain/base/records.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import { z } from '../../../utils/shared/schema.ts';
import fixture from '../../fixtures/records-0.1.0.json' with { type: 'json' };
import byDestination from '../../fixtures/records-by-destination.json' with { type: 'json' };
import several from '../../fixtures/records-several-destinations.json' with { type: 'json' };
import { delivery } from '../../support/samples/samples.ts';

const record = wrap(STORED.delivery, delivery()) as { version: number; sum: string; json: string };

describe('a stored record', () => {
  it('comes back as it was stored', () =>
    expect(unwrap(STORED.delivery, record)).toEqual({ ok: true, value: delivery() }));

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
          expect(unwrap(STORED.delivery, { ...record, [field]: before + instead + after }).ok, `${field} ${at}`).toBe(
            false,
          );
      }
    }
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { ...record, version: 2 },
    { ...record, version: 0 },
    { ...record, version: '1' },
    { ...record, more: 1 },
    { ...record, json: undefined },
    { ...record, json: '' },
    delivery(),
  ])('is refused as %j', (damaged) => expect(unwrap(STORED.delivery, damaged)).toMatchObject({ ok: false }));

  it('is refused when it is whole but of another shape', () => {
    const { body: _body, ...less } = delivery();
    const read = unwrap(STORED.delivery, wrap(STORED.delivery, less));
    expect(read).toMatchObject({ ok: false, problems: [{ field: 'body' }] });
  });

  it('that is damaged is named, and does not hide the others (STO-05)', () => {
    const damaged: Damaged[] = [];
    const records = new Map([
      ['good', record],
      ['bad', { ...record, sum: '00000000' }],
    ]);
    expect(unwrapAll(STORED.delivery, records, 'delivery:', damaged)).toEqual([delivery()]);
    expect(damaged).toMatchObject([{ key: 'delivery:bad', problems: [{ message: 'does not match its checksum' }] }]);
  });
});

describe('records of other versions (UPD-01)', () => {
  const kind: Kind = {
    schema: z.strictObject({ b: z.int() }),
    migrations: [({ a }) => ({ b: a }), ({ b }) => ({ b: Number(b) + 1 })],
  };
  const of = (version: number, data: unknown) => wrap({ migrations: kind.migrations.slice(0, version - 1) }, data);

  it('are brought to this one, step by step', () => {
    expect(unwrap(kind, of(1, { a: 1 }))).toEqual({ ok: true, value: { b: 2 } });
    expect(unwrap(kind, of(2, { b: 1 }))).toEqual({ ok: true, value: { b: 2 } });
    expect(unwrap(kind, of(3, { b: 1 }))).toEqual({ ok: true, value: { b: 1 } });
  });

  it('are checked after that: a step does not make a bad record good', () =>
    expect(unwrap(kind, of(1, { a: 'one' }))).toMatchObject({ ok: false }));

  it.each(['text', null, 7])('cannot be %j inside', (data) => expect(unwrap(kind, of(1, data)).ok).toBe(false));

  it('that are newer are told apart from damaged ones', () => {
    const newer = wrap({ migrations: [...kind.migrations, (data) => data] }, { b: 1 });
    expect(isNewer(kind, newer)).toBe(true);
    expect(isNewer(kind, of(1, { a: 1 }))).toBe(false);
    expect(unwrap(kind, newer)).toMatchObject({ problems: [{ message: expect.stringContaining('newer version') }] });
  });

  const fixtures = { 'release 0.1.0': fixture, 'several destinations': several, 'by destination': byDestination };
  const stored = Object.entries(fixtures).flatMap(([from, records]) =>
    Object.entries(records).map(([key, one]) => [from, key, one] as const),
  );

  it.each(stored)('of %s are read: %s', (_from, key, one) => {
    const name = key.split(':')[0] as keyof typeof STORED;
    expect(unwrap<z.ZodMiniType>(STORED[name], one)).toMatchObject({ ok: true });
  });

  it('of every kind on disk stand in a fixture', () => {
    const kinds = new Set(stored.map(([, key]) => key.split(':')[0]));
    const inMemory = ['delivery', 'ask', 'login', 'seen', 'outcome', 'lost', 'round', 'cancelled'];
    expect([...kinds, ...inMemory].sort()).toEqual(Object.keys(STORED).sort());
  });
});
