import { Queue } from 'workbox-background-sync';
import { KITE_TOKEN } from '../../support/samples/samples.ts';
import type { Box } from './box.ts';

// A queue asks its service worker for sync events, and this page is none. It then does without, as in browsers that have none.
Object.assign(globalThis, { registration: {} });
const queue = new Queue('bench', { forceSyncFallback: true });

/** Workbox's own queue, drained by its own replay. */
export const workboxBox: Box = {
  async enqueue(url, count) {
    for (let at = 0; at < count; at += 1) await queue.pushRequest({ request: requestTo(url) });
  },
  drain: () => queue.replayRequests(),
  stored: () => queue.size(),
};

function requestTo(url: string): Request {
  const body = JSON.stringify({ token: KITE_TOKEN });
  return new Request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}
