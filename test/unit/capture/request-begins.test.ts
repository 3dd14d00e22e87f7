import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestBegins } from '../../../utils/platform/network/request-begins.ts';
import { SECOND } from '../../../utils/shared/time.ts';

const CALLBACK = { requestId: '1', url: 'http://127.0.0.1:8000/callback' };
const DONE = { requestId: '1', url: 'http://127.0.0.1:8000/done' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Step = 'begins' | 'leads on' | 'answers' | 'ends' | number;

/** What is told of the callback's answer after these events, with so many milliseconds between. */
async function toldAfter(steps: readonly Step[]): Promise<string[]> {
  const begins = requestBegins();
  const told: string[] = [];
  for (const step of steps) {
    if (step === 'begins') begins.begin(CALLBACK);
    else if (step === 'leads on') begins.begin(DONE);
    else if (step === 'ends') begins.end('1');
    else if (step === 'answers') begins.whenBegun(CALLBACK, (missed) => told.push(missed ? 'missed' : 'seen'));
    else await vi.advanceTimersByTimeAsync(step);
  }
  return told;
}

describe('an answer', () => {
  it.each<[string, readonly Step[], string[]]>([
    ['is told at once after its request', ['begins', 'answers'], ['seen']],
    ['waits for a request that it overtook', ['answers', 300], []],
    ['is told with the request that it overtook', ['answers', 300, 'begins'], ['seen']],
    ['is told once', ['answers', 'begins', 2 * SECOND, 'begins'], ['seen']],
    ['that ended its request too is told with it', ['answers', 'ends', 300, 'begins'], ['seen']],
    ['is told late of a request that began in an earlier life', ['answers', 2 * SECOND], ['missed']],
    ['is not told of by the next hop', ['answers', 'leads on', 2 * SECOND], ['missed']],
    ['of the next hop finds the request begun', ['leads on', 'answers'], ['seen']],
    ['after an end finds no beginning', ['begins', 'ends', 'answers', 2 * SECOND], ['missed']],
  ])('%s', async (_, steps, told) => {
    expect(await toldAfter(steps)).toEqual(told);
  });
});
