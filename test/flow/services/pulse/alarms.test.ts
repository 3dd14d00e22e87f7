import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onAlarm, sleepUntil, wakeAt, wakeSoon } from '../../../../utils/platform/runtime/alarms.ts';
import { HOUR, MINUTE, SECOND } from '../../../../utils/shared/time.ts';

const NOW = 1_800_000_000_000;
const wake = () => undefined;
const ringsAt = async () => (await chrome.alarms.get('pulse'))?.scheduledTime;

/** Answers of the browser that are held back until the test lets them come. */
function hold(method: 'create' | 'get' | 'clear') {
  const real = chrome.alarms[method].bind(chrome.alarms) as (...given: unknown[]) => Promise<unknown>;
  const { promise, resolve } = Promise.withResolvers<void>();
  vi.spyOn(chrome.alarms as unknown as Record<string, typeof real>, method).mockImplementationOnce(async (...given) => {
    const result = await real(...given);
    await promise;
    return result;
  });
  return resolve;
}

beforeEach(() => sleepUntil(null, NOW));
afterEach(() => void vi.restoreAllMocks());

describe('the alarm', () => {
  it('is set once for all that is due before it rings', async () => {
    await wakeSoon(NOW);
    const create = vi.spyOn(chrome.alarms, 'create');
    const get = vi.spyOn(chrome.alarms, 'get');
    await wakeSoon(NOW + SECOND);
    await wakeAt(NOW + 5 * MINUTE, NOW + SECOND, wake);
    expect(create).not.toHaveBeenCalled();
    expect(get).not.toHaveBeenCalled();
    expect(await ringsAt()).toBe(NOW + 30 * SECOND);
  });

  it.each([
    ['has rung', NOW + 31 * SECOND],
    ['is far, since the clock was set back', NOW - HOUR],
  ])('is set anew where it %s', async (_, now) => {
    await wakeSoon(NOW);
    await wakeSoon(now);
    expect(await ringsAt()).toBe(now + 30 * SECOND);
  });

  it('counts for nothing while it is being moved away', async () => {
    await wakeSoon(NOW);
    const moved = hold('create');
    const moving = sleepUntil(NOW + HOUR, NOW);
    await expect.poll(ringsAt).toBe(NOW + HOUR);
    await wakeSoon(NOW);
    moved();
    await moving;
    expect(await ringsAt()).toBe(NOW + 30 * SECOND);
    await wakeSoon(NOW);
    expect(await ringsAt()).toBe(NOW + 30 * SECOND);
  });

  it('counts for nothing while it is being taken away', async () => {
    await wakeSoon(NOW);
    const cleared = hold('clear');
    const clearing = sleepUntil(null, NOW);
    await expect.poll(ringsAt).toBeUndefined();
    await wakeSoon(NOW);
    cleared();
    await clearing;
    expect(await ringsAt()).toBe(NOW + 30 * SECOND);
  });

  it('of two changes under way is what the later one made it', async () => {
    const first = hold('create');
    const near = wakeSoon(NOW);
    const second = hold('create');
    const far = sleepUntil(NOW + HOUR, NOW);
    await expect.poll(ringsAt).toBe(NOW + HOUR);
    first();
    await near;
    await wakeSoon(NOW);
    second();
    await far;
    expect(await ringsAt()).toBe(NOW + 30 * SECOND);
  });

  it('that was changed while it was looked at is not known by that look', async () => {
    await wakeSoon(NOW);
    onAlarm(wake);
    await (chrome.alarms.onAlarm as unknown as { trigger(alarm: object): Promise<unknown> }).trigger({ name: 'pulse' });
    const seen = hold('get');
    const looking = wakeAt(NOW + 5 * MINUTE, NOW, wake);
    await sleepUntil(null, NOW);
    seen();
    await looking;
    expect(await ringsAt()).toBe(NOW + 5 * MINUTE);
  });
});
