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
 * pulls focus back into its own dialog cannot.
 */
export function guardEvents(): Guard {
  let current: Guarded | null = null;
  const onEvent = (event: Event) => {
    if (current === null || !event.isTrusted) return;
    // Keys go to us wherever the focus is: the rest of the page is inert.
    if (event.target !== current.host && !KEYS.includes(event.type)) return;
    event.stopImmediatePropagation();
    current.heard(event);
  };
  for (const type of INPUTS) window.addEventListener(type, onEvent, { capture: true, passive: false });
  return (guarded) => {
    current = guarded;
    return () => {
      if (current === guarded) current = null;
    };
  };
}
