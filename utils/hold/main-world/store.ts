import { ANY_SIGN, isAuthRequired, NO_SIGN } from '../../domain/dashboards/signal.ts';
import type { FromHold, HoldSettings, ToHold } from '../../domain/hold/hold-messages.ts';
import { announceHold, announceRenewal } from './cooperation.ts';
import type { Hold, Waiting } from './hold.ts';
import { create, later, matches, NativePromise, steady } from './natives.ts';

const MOST = 64;
const SETTINGS_MS = 500;
const UNCONFIRMED_MS = 3_000;

/** Everything that waits in this page. `say` speaks to our isolated script; what it says comes in through `hear`. */
export function createHold(say: (message: FromHold) => void): Hold & { hear(message: ToHold): void } {
  const all: Record<number, Waiting> = create(null);
  let count = 0;
  let nextId = 1;
  let settings: HoldSettings | null = null;
  let isInert = false;
  let settle = () => {};
  const known = new NativePromise<void>((resolve) => {
    settle = resolve;
    later(resolve, SETTINGS_MS);
  });

  function hasNoSignals(): boolean {
    return settings === null || settings.signals.length === 0;
  }

  function takeOut(id: number): Waiting | null {
    const waiting = all[id];
    if (!waiting) return null;
    delete all[id];
    count -= 1;
    return waiting;
  }

  function release(id: number): void {
    takeOut(id)?.release();
  }

  function announce(id: number, { method, url, sentAt }: Waiting, description: string): void {
    say({ type: 'held', id, method, url, description, age: steady() - sentAt });
  }

  /** Asks the page about what came in before its origin was confirmed. */
  function confirm(): void {
    for (const key in all) {
      const id = Number(key);
      const waiting = all[id];
      const description = waiting ? announceHold(waiting) : null;
      if (waiting && description !== null) announce(id, waiting, description);
      else release(id);
    }
  }

  async function retry(id: number, key: string | null): Promise<void> {
    const waiting = takeOut(id);
    if (waiting) say({ type: 'outcome', id, outcome: await waiting.retry(key) });
  }

  return {
    isDue(peeked) {
      if (isInert || peeked === null || count >= MOST) return false;
      // What has no such word calls nothing that the page may have replaced.
      if (hasNoSignals() && !matches(ANY_SIGN, peeked.text)) return false;
      try {
        return isAuthRequired(peeked, settings?.signals ?? []);
      } catch {
        // A page that broke its own built-in functions gets its answers as they are.
        return false;
      }
    },
    // A sign of one's own may be any text.
    isDecided: (beginning) => isInert || (settings !== null && hasNoSignals() && matches(NO_SIGN, beginning)),
    ready: () => (settings === null && !isInert ? known : null),
    settings: () => settings,
    keep(waiting) {
      if (isInert || count >= MOST) return null;
      const description = settings === null ? '' : announceHold(waiting);
      if (description === null) return null;
      const id = nextId;
      nextId += 1;
      all[id] = waiting;
      count += 1;
      if (settings !== null) announce(id, waiting, description);
      else later(() => settings === null && release(id), UNCONFIRMED_MS);
      return id;
    },
    drop(id) {
      if (takeOut(id)) say({ type: 'gone', id });
    },
    hear(message) {
      switch (message.type) {
        case 'settings':
          // Said again after the background was away; asked about is each request once.
          if (settings === null) {
            settings = message.settings;
            confirm();
          }
          settle();
          return;
        case 'inert':
          isInert = true;
          settle();
          for (const id in all) release(Number(id));
          return;
        case 'retry':
          void retry(message.id, message.key);
          return;
        case 'release':
          release(message.id);
          return;
        case 'renewed':
          announceRenewal();
      }
    },
  };
}
