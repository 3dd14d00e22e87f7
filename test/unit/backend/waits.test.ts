import { describe, expect, it } from 'vitest';
import { createWaits } from '../../../backend/src/session/waits.ts';

const WAIT = { after: 'known', ms: 60_000 };
const MOST = { account: 2, all: 3 };

/** Waits whose accounts stand as `now` says; `reads` counts how often that was asked. */
function open() {
  const told = { now: 'known', reads: 0 };
  const revisionOf = async () => {
    told.reads += 1;
    return told.now;
  };
  return { told, waits: createWaits(revisionOf, MOST) };
}

describe('a check that waits', () => {
  it('is released by a look that finds news, and by no other', async () => {
    const { told, waits } = open();
    const released: string[] = [];
    const held = waits.hold('zerodha', WAIT).then(() => released.push('held'));
    await waits.look('zerodha');
    expect(released).toEqual([]);
    told.now = 'news';
    await waits.look('icici');
    expect(told.reads).toBe(1);
    await waits.look('zerodha');
    await held;
    expect(released).toEqual(['held']);
  });

  it('is released without news when its time is over', async () => {
    const { waits } = open();
    expect(await waits.hold('zerodha', { after: 'known', ms: 1 })).toBe(true);
  });

  it('is released when its connection is closed, and leaves its place', async () => {
    const { waits } = open();
    const gone = new AbortController();
    const held = [waits.hold('zerodha', WAIT, gone.signal), waits.hold('zerodha', WAIT, gone.signal)];
    expect(await waits.hold('zerodha', WAIT)).toBe(false);
    gone.abort();
    await Promise.all(held);
    expect(await waits.hold('zerodha', { after: 'known', ms: 1 })).toBe(true);
    waits.stop();
  });

  it('is not held beside as many of its account, or in all, as may be', async () => {
    const { waits } = open();
    const held = [waits.hold('zerodha', WAIT), waits.hold('zerodha', WAIT)];
    expect(await waits.hold('zerodha', WAIT)).toBe(false);
    held.push(waits.hold('icici', WAIT));
    expect(await waits.hold('icici', WAIT)).toBe(false);
    waits.stop();
    expect(await Promise.all(held)).toEqual([false, false, false]);
    expect(await waits.hold('zerodha', WAIT)).toBe(false);
  });

  it('costs one read a look for all of its account, and none while nobody waits', async () => {
    const { told, waits } = open();
    await waits.look('zerodha');
    expect(told.reads).toBe(0);
    const held = [waits.hold('zerodha', WAIT), waits.hold('zerodha', WAIT)];
    told.now = 'news';
    await waits.look('zerodha');
    await Promise.all(held);
    await waits.look('zerodha');
    expect(told.reads).toBe(1);
  });
});
