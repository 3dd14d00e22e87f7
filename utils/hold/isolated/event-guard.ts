import type { Guard, Guarded } from '../../domain/hold/hold-list.ts';

const KEYS = ['keydown', 'keypress', 'keyup'];
const INPUTS = [
  ...KEYS,
  ...['beforeinput', 'input', 'click', 'auxclick', 'dblclick', 'contextmenu', 'wheel'],
  ...[
    'pointerdown',
    'pointerup',
    'mousedown',
    'mouseup',
    'touchstart',
    'touchend',
    'focusin',
    'focusout',
    'focus',
    'blur',
  ],
];

/**
 * Stands before every listener of the page, so it has to be called before the page's first script. While something is
 * guarded, its events end here: a hotkey of an order screen does not see an Enter that was meant for us, and a page that
 * pulls focus back into its own dialog cannot. A page that opens its document anew takes every listener away, and its own
 * then stand first (https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps): that is said.
 */
export function guardEvents(): Guard {
  let current: Guarded | null = null;
  let isLost = false;
  const onEvent = (event: Event) => {
    if (current === null || !event.isTrusted) return;
    // Keys go to us wherever the focus is: the rest of the page is inert.
    if (event.target !== current.host && !KEYS.includes(event.type)) return;
    event.stopImmediatePropagation();
    current.heard(event);
  };
  for (const type of INPUTS) window.addEventListener(type, onEvent, { capture: true, passive: false });
  const isThere = probe();
  new MutationObserver(() => {
    if (isLost || isThere()) return;
    isLost = true;
    current?.lost();
  }).observe(document, { childList: true });
  return (guarded) => {
    current = guarded;
    // Not in the caller's own turn: it has nothing to close yet.
    if (isLost) queueMicrotask(guarded.lost);
    return () => {
      if (current === guarded) current = null;
    };
  };
}

/** Tells whether a listener that stands beside the others is still heard. Its event has a name that no page knows. */
function probe(): () => boolean {
  const name = String(crypto.getRandomValues(new Uint32Array(2)));
  let isHeard = false;
  window.addEventListener(name, () => {
    isHeard = true;
  });
  return () => {
    isHeard = false;
    window.dispatchEvent(new Event(name));
    return isHeard;
  };
}
