import { useReducer, useRef } from 'react';

/** As much of @preact/signals as the popup's sources use, for React. */
export function signal(value) {
  const listeners = new Set();
  return {
    get value() {
      return value;
    },
    set value(next) {
      if (next === value) return;
      value = next;
      for (const listener of listeners) listener();
    },
    read: () => value,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useSignal(initial) {
  const [, show] = useReducer((count) => count + 1, 0);
  const own = useRef(null);
  if (own.current === null) {
    own.current = signal(initial);
    own.current.subscribe(show);
  }
  return own.current;
}
