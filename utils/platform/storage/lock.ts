/** Runs `work` alone: every read-modify-write of stored data goes through here. Never nest it, and never wait for the network in it. */
export function locked<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request('opening-bell', work) as Promise<T>;
}
