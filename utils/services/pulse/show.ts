import type { Overview } from '../../domain/view/overview.ts';
import { showBadge } from '../../platform/toolbar/action.ts';
import { log } from '../store/log.ts';
import { readOverview, writeOverview } from '../store/overview.ts';

const WELL = { isLost: false, isFull: false, damaged: [] };

/** What this life of the background has shown; an earlier one may have died before it could. */
let shownView = '';
let shownBadge = '';

/** Shows a view model on the screens and the badge where it says something new; under the lock. */
export async function show(view: Overview): Promise<void> {
  const known = await readOverview();
  // As text, of this background's own: storage.session gives an object's keys back in another order.
  const text = JSON.stringify({ ...view, at: 0 });
  if (!known || text !== shownView) {
    await writeOverview(view);
    tellStore(known?.store ?? WELL, view.store);
    shownView = text;
  }
  const badge = JSON.stringify(view.badge);
  if (badge !== shownBadge) await showBadge(view.badge);
  shownBadge = badge;
}

function tellStore(before: Overview['store'], { isLost, isFull, damaged }: Overview['store']): void {
  if (isLost !== before.isLost || isFull !== before.isFull || damaged.length !== before.damaged.length)
    log({ event: 'store', isLost, isFull, damaged: damaged.length });
}
