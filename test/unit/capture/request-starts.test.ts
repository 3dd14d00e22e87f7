import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestStarts } from '../../../utils/platform/network/request-starts.ts';
import { SECOND } from '../../../utils/shared/time.ts';

const START = { byHand: false, hopped: false };
const HOPPED = { byHand: false, hopped: true };
const URL = 'http://127.0.0.1:8000/?request_token=1';
const hop = (url = URL) => ({ requestId: '1', url });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Step = 'asked' | 'headers' | 'over' | number;

/** What is told of a request whose events come in this order, with so many milliseconds between. */
async function toldAfter(steps: readonly Step[]) {
  const starts = requestStarts();
  let told: unknown = 'nothing';
  for (const step of steps) {
    if (step === 'headers') starts.hear(hop(), START);
    else if (step === 'over') starts.end('1');
    else if (step === 'asked') void starts.of(hop()).then((start) => (told = start));
    else await vi.advanceTimersByTimeAsync(step);
  }
  await vi.advanceTimersByTimeAsync(0);
  return told;
}

describe('how a request began', () => {
  it.each<[Step, Step, Step]>([
    ['asked', 'headers', 'over'],
    ['asked', 'over', 'headers'],
    ['headers', 'asked', 'over'],
    ['headers', 'over', 'asked'],
    ['over', 'asked', 'headers'],
    ['over', 'headers', 'asked'],
  ])('is told whatever the order of its events: %s, %s, %s', async (...steps) => {
    expect(await toldAfter(steps.flatMap((step) => [step, 300]))).toEqual(START);
  });

  it('is told of headers that a busy machine brings late', async () => {
    expect(await toldAfter(['asked', 4 * SECOND, 'headers'])).toEqual(START);
  });

  it('is not known of a request that ended before it had headers', async () => {
    expect(await toldAfter(['asked', 'over', 2 * SECOND])).toBeNull();
  });

  it('is known to be unknown soon where the request’s end overtook the request itself', async () => {
    expect(await toldAfter(['over', 'asked', 2 * SECOND])).toBeNull();
  });

  it('is not known of a request that never had any', async () => {
    expect(await toldAfter(['asked', 20 * SECOND])).toBeNull();
  });

  it('is not told by the headers of an earlier hop, which a redirect leaves the name of', async () => {
    const starts = requestStarts();
    starts.hear(hop('https://kite.zerodha.com/out?to=elsewhere'), START);
    const told = starts.of(hop());
    starts.hear(hop(), HOPPED);
    expect(await told).toEqual(HOPPED);
  });

  it.each([
    ['where a rule led it that seals', 'http://127.0.0.1:1/sealed'],
    ['where the browser led it to https', URL.replace('http:', 'https:')],
  ])('is told by its headers %s', async (_, url) => {
    const starts = requestStarts();
    const told = starts.of(hop());
    starts.hear(hop(url), START);
    expect(await told).toEqual(START);
  });
});
