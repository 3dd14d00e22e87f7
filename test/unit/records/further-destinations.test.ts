import { describe, expect, it } from 'vitest';
import { unwrap, wrap } from '../../../utils/domain/base/records.ts';
import { type Changes, ownDestinations } from '../../../utils/domain/records/further-destinations.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import { noFacts } from '../../../utils/domain/session/facts.ts';
import type { z } from '../../../utils/shared/schema.ts';
import release from '../../fixtures/records-0.1.0.json' with { type: 'json' };
import after from '../../fixtures/records-by-destination.json' with { type: 'json' };
import several from '../../fixtures/records-several-destinations.json' with { type: 'json' };
import { NOW } from '../../support/samples/samples.ts';

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
  const moved = changed(diskOf(several), ownDestinations(diskOf(several)));

  it('go to their account, with the facts that each had, in their order', () => {
    expect(under(moved, MOVED)).toEqual(after);
  });

  it.each([
    ['several destinations', several],
    ['release 0.1.0', release],
  ])('leave nothing behind that cannot be read: %s', (_, fixture) => {
    const disk = changed(diskOf(fixture), ownDestinations(diskOf(fixture)));
    expect([...disk].filter((one) => !isReadable(one))).toEqual([]);
    expect(ownDestinations(disk)).toBeNull();
  });

  it('are named in the log by their account', () => {
    expect(unwrap(STORED.log, moved.get('log'))).toMatchObject({
      value: [{ account: 'account2', destination: 'destination3' }],
    });
  });

  it('come out the same where the disk took what was written, and did not remove what went', () => {
    const half = changed(diskOf(several), ownDestinations(diskOf(several)), false);
    const newer = wrap(STORED.facts, { ...noFacts('destination2'), provenAt: NOW });
    half.set('facts:destination2', newer);
    expect(under(changed(half, ownDestinations(half)), MOVED)).toEqual({ ...after, 'facts:destination2': newer });
  });

  it('leave a damaged account where it is, with what hangs on it', () => {
    const disk = diskOf(several).set('account:account1', { ...several['account:account1'], sum: '00000000' });
    const next = changed(disk, ownDestinations(disk));
    expect(next.get('account:account1')).toBe(disk.get('account:account1'));
    expect(next.get('facts:destination1')).toEqual(after['facts:destination1']);
  });

  it('are not looked for on an empty disk', () => expect(ownDestinations(new Map())).toBeNull());
});
