/** A dashboard page, or a frame of one, as far as the place of the dialog goes. */
export interface Place {
  tab: number;
  frame: number;
  /** Requests that wait in it. */
  count: number;
  visible: boolean;
  /** Since when it shows the dialog, epoch ms. */
  shownAt: number | null;
}

/**
 * The one place of an account's dialog: the page that a person looks at, and of its frames the top one. Among equals the
 * one that has shown it longest, also where it did so for a background that was killed: the dialog stays where it was met.
 */
export function dialogPlace<T extends Place>(places: readonly T[]): T | null {
  const tabs = new Set(places.filter(({ count }) => count > 0).map(({ tab }) => tab));
  const able = places.filter(({ count, frame, tab }) => count > 0 || (frame === 0 && tabs.has(tab)));
  const rank = ({ visible, frame }: Place) => (visible ? 2 : 0) + (frame === 0 ? 1 : 0);
  const from = ({ shownAt }: Place) => shownAt ?? Number.MAX_SAFE_INTEGER;
  return able.sort((a, b) => rank(b) - rank(a) || from(a) - from(b))[0] ?? null;
}
