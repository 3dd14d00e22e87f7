import type { FromDashboard } from '../../domain/hold/messages.ts';
import { SECOND } from '../../shared/time.ts';
import type { PageLink } from './page-link.ts';

// The line outlasts the last request a little: a page that fails over and over wakes the background once in this time.
const LINGER_MS = 10 * SECOND;
const TELL_MS = SECOND;
const NONE = { held: 0, replayed: 0, givenUp: 0 };

type Waiting = Extract<FromDashboard, { type: 'waiting' }>;

export interface Teller {
  /** Tells what waits, at most once a second, where that has changed. */
  soon(): void;
  /** What was told is known to nobody any more. */
  forget(): void;
  /** Adds a request to what is told of their fates. */
  count(fate: keyof typeof NONE): void;
  /** Closes the line after a while in which nothing needs it. */
  linger(): void;
}

/** Tells the background what waits in this page, and lets it sleep once nothing does. */
export function tellBackground(page: { link: PageLink; look(): Waiting; isNeeded(): boolean }): Teller {
  const { link } = page;
  let lastTold = 0;
  let told = '';
  let counts = NONE;
  let telling: ReturnType<typeof setTimeout> | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;

  function tellWaiting(): void {
    telling = undefined;
    const waiting = page.look();
    // With since when: as many may wait as the last time, and yet others, for another login.
    const now = `${waiting.count} ${waiting.since} ${waiting.visible}`;
    if (now !== told) {
      told = now;
      lastTold = Date.now();
      link.say(waiting);
    }
    if (counts !== NONE) link.say({ type: 'counted', ...counts });
    counts = NONE;
    linger();
  }

  function linger(): void {
    clearTimeout(lingering);
    if (!page.isNeeded()) lingering = setTimeout(() => link.close(), LINGER_MS);
  }

  return {
    soon() {
      if (telling !== undefined) return;
      telling = setTimeout(tellWaiting, Math.min(Math.max(lastTold + TELL_MS - Date.now(), 0), TELL_MS));
    },
    forget() {
      told = '';
    },
    count(fate) {
      counts = { ...counts, [fate]: counts[fate] + 1 };
    },
    linger,
  };
}
