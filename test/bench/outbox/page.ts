import type { Box } from './box.ts';
import { ownBox } from './own-box.ts';
import { workboxBox } from './workbox-box.ts';

/** Runs in a page of a small extension. */
const BOXES = { own: ownBox, workbox: workboxBox } satisfies Record<string, Box>;
export type BoxName = keyof typeof BOXES;

export interface Drained {
  enqueueMs: number;
  drainMs: number;
}

/** What the page offers to the bench. */
export interface Boxes {
  measure(name: BoxName, url: string, count: number): Promise<Drained>;
  /** How many of so many are stored while the first one is on its way: what a kill at this moment would leave. */
  storedAtFirst(name: BoxName, url: string, count: number): Promise<number>;
}

const boxes: Boxes = {
  async measure(name, url, count) {
    const box = BOXES[name];
    const startedAt = performance.now();
    await box.enqueue(url, count);
    const enqueuedAt = performance.now();
    await box.drain(url);
    return { enqueueMs: enqueuedAt - startedAt, drainMs: performance.now() - enqueuedAt };
  },
  async storedAtFirst(name, url, count) {
    const box = BOXES[name];
    await box.enqueue(url, count);
    const native = globalThis.fetch;
    let stored: number | null = null;
    globalThis.fetch = async (...request) => {
      stored ??= await box.stored();
      return native(...request);
    };
    await box.drain(url).finally(() => {
      globalThis.fetch = native;
    });
    return stored ?? Number.NaN;
  },
};
Object.assign(globalThis, { boxes });
