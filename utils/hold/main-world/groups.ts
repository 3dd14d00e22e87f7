import type { Outcome } from '../../domain/hold/hold-messages.ts';
import type { Hold, Waiting } from './hold.ts';
import { create } from './natives.ts';

/** Calls of the page that are alike and only read: they wait as one, are sent as one, and each gets the answer. */
interface Group<W> {
  id: number | null;
  alike: string | null;
  waiters: Record<number, W>;
  count: number;
}

export interface Groups<W> {
  /** Takes a call in, and gives how it leaves; null where there is no room. */
  join(waiter: W, alike: string | null, about: Pick<Waiting, 'method' | 'url' | 'sentAt'>): (() => void) | null;
}

const MOST_ALIKE = 1_000;

/** `resend` sends the first of these calls again and answers them all; `release` gives one its original answer. */
export function createGroups<W>(
  hold: Hold,
  resend: (waiters: Record<number, W>, key: string | null) => Promise<Outcome>,
  release: (waiter: W) => void,
): Groups<W> {
  const open: Record<string, Group<W>> = create(null);
  let nextPlace = 0;

  function close({ alike }: Group<W>): void {
    if (alike !== null) delete open[alike];
  }

  function enter(alike: string | null, about: Pick<Waiting, 'method' | 'url' | 'sentAt'>): Group<W> | null {
    const group: Group<W> = { id: null, alike, waiters: create(null), count: 0 };
    group.id = hold.keep({
      method: about.method,
      url: about.url,
      sentAt: about.sentAt,
      description: '',
      retry(key) {
        close(group);
        return resend(group.waiters, key);
      },
      release() {
        close(group);
        for (const place in group.waiters) release(group.waiters[place] as W);
      },
    });
    if (group.id === null) return null;
    if (alike !== null) open[alike] = group;
    return group;
  }

  function leave(group: Group<W>, place: number): void {
    if (!(place in group.waiters)) return;
    delete group.waiters[place];
    group.count -= 1;
    if (group.count > 0 || group.id === null) return;
    close(group);
    hold.drop(group.id);
  }

  return {
    join(waiter, alike, about) {
      const known = alike === null ? undefined : open[alike];
      if (known && known.count >= MOST_ALIKE) return null;
      const group = known ?? enter(alike, about);
      if (group === null) return null;
      const place = nextPlace;
      nextPlace += 1;
      group.waiters[place] = waiter;
      group.count += 1;
      return () => leave(group, place);
    },
  };
}
