import { OPERATION } from '../../domain/dashboards/effect.ts';
import type { Hold, Waiting } from './hold.ts';
import { detailOf, dispatch, listen, NativeCustomEvent, page, steady } from './natives.ts';

const LONGEST_TEXT = 120;

/** Tells the page that a request of its is about to wait. Gives the page's own words for it, or null where the page says no. */
export function announceHold({
  method,
  url,
  description,
}: Pick<Waiting, 'method' | 'url' | 'description'>): string | null {
  const detail = { method, url, description };
  const event = new NativeCustomEvent('opening-bell:hold', { cancelable: true, detail });
  try {
    return dispatch(page, event) ? shortText(detail.description) : null;
  } catch {
    return description;
  }
}

/** Tells the page that the session lives again. */
export function announceRenewal(): void {
  dispatch(page, new NativeCustomEvent('opening-bell:renewed'));
}

/**
 * A page that retries by itself names an operation, `{type, params}`, that failed for want of a session. It waits like
 * a request, and is handed back to the page in place of being sent.
 */
export function listenForOperations(hold: Hold): void {
  listen(page, 'opening-bell:auth-required', (event) => {
    const operation = readOperation(event);
    if (operation === null) return;
    const { type, params, description } = operation;
    const say = (name: string) => dispatch(page, new NativeCustomEvent(name, { detail: { type, params } }));
    hold.keep({
      method: OPERATION,
      url: type,
      sentAt: steady(),
      description: description || type,
      async retry() {
        say('opening-bell:retry');
        return 'answered';
      },
      release: () => void say('opening-bell:cancelled'),
    });
  });
}

function readOperation(event: Event): { type: string; params: unknown; description: string } | null {
  try {
    const { type, params, description } = Object(detailOf(event as CustomEvent));
    const isNamed = typeof type === 'string' && /^[\w.-]{1,60}$/.test(type);
    return isNamed ? { type, params, description: shortText(description) } : null;
  } catch {
    return null;
  }
}

function shortText(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, LONGEST_TEXT) : '';
}
