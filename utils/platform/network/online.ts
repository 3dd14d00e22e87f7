/** Calls `listener` when the computer is online again; heard only while the background lives. */
export function onOnline(listener: () => void): void {
  addEventListener('online', listener);
}
