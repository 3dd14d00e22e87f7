import { describe, expect, it } from 'vitest';
import { ownDestination } from '../../../utils/domain/accounts/destinations.ts';
import { unwrap, wrap } from '../../../utils/domain/base/records.ts';
import { type Changes, withoutCopies } from '../../../utils/domain/records/further-destinations.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import { noFacts } from '../../../utils/domain/session/facts.ts';
import type { z } from '../../../utils/shared/schema.ts';
import release from '../../fixtures/records-0.1.0.json' with { type: 'json' };
import after from '../../fixtures/records-by-destination.json' with { type: 'json' };
import several from '../../fixtures/records-several-destinations.json' with { type: 'json' };
import { NOW, signed } from '../../support/samples/samples.ts';

const diskOf = (fixture: object) => new Map<string, unknown>(Object.entries(fixture));

/** The disk after the changes; `removes` is false where it took only what was written. */
function changed(disk: ReadonlyMap<string, unknown>, changes: Changes | null, removes = true): Map<string, unknown> {
  const next = new Map([...disk, ...(changes?.put ?? [])]);
  for (const key of removes ? (changes?.gone ?? []) : []) next.delete(key);
  return next;
}

const under = (disk: ReadonlyMap<string, unknown>, kinds: RegExp) =>
  Object.fromEntries([...disk].filter(([key]) => kinds.test(key)));
const MOVED = /^(account|destination|facts|notice):/;
const isReadable = ([key, record]: [string, unknown]) =>
  unwrap<z.ZodMiniType>(STORED[key.split(':')[0] as keyof typeof STORED], record).ok;

describe('further destinations that were stored as accounts', () => {
  const moved = changed(diskOf(several), withoutCopies(diskOf(several)));

  it('go to their account, with the facts that each had, in their order', () => {
    expect(under(moved, MOVED)).toEqual(after);
  });

  it.each([
    ['several destinations', several],
    ['release 0.1.0', release],
  ])('leave nothing behind that cannot be read: %s', (_, fixture) => {
    const disk = changed(diskOf(fixture), withoutCopies(diskOf(fixture)));
    expect([...disk].filter((one) => !isReadable(one))).toEqual([]);
    expect(withoutCopies(disk)).toBeNull();
  });

  it('are named in the log by their account', () => {
    expect(unwrap(STORED.log, moved.get('log'))).toMatchObject({
      value: [{ account: 'account2', destination: 'destination3' }],
    });
  });

  it('come out the same where the disk took what was written, and did not remove what went', () => {
    const half = changed(diskOf(several), withoutCopies(diskOf(several)), false);
    const newer = wrap(STORED.facts, { ...noFacts('destination2'), provenAt: NOW });
    half.set('facts:destination2', newer);
    expect(under(changed(half, withoutCopies(half)), MOVED)).toEqual({ ...after, 'facts:destination2': newer });
  });

  it('stay further ones where they were added in the same millisecond as their account', () => {
    const data = JSON.parse(several['account:account2'].json) as { createdAt: number };
    const disk = diskOf(several);
    for (const id of ['account3', 'account4'] as const) {
      const copy = { ...JSON.parse(several[`account:${id}`].json), createdAt: data.createdAt };
      disk.set(`account:${id}`, wrap({ migrations: [(one) => one] }, copy));
    }
    const next = changed(disk, withoutCopies(disk));
    const all = ['destination2', 'destination3', 'destination4'].map((id) => {
      const read = unwrap(STORED.destination, next.get(`destination:${id}`));
      return read.ok ? read.value : signed();
    });
    expect(ownDestination(all.toReversed(), 'account2')?.id).toBe('destination2');
  });

  it('leave a damaged account where it is, with what hangs on it', () => {
    const disk = diskOf(several).set('account:account1', { ...several['account:account1'], sum: '00000000' });
    const next = changed(disk, withoutCopies(disk));
    expect(next.get('account:account1')).toBe(disk.get('account:account1'));
    expect(next.get('facts:destination1')).toEqual(after['facts:destination1']);
  });

  it('are not looked for on an empty disk', () => expect(withoutCopies(new Map())).toBeNull());
});
