const MOST_REMEMBERED = 200;

/** Keeps what is known of a request beyond its end, which may be heard of before the rest; the oldest goes. */
export function remember<T>(known: Map<string, T>, requestId: string, value: T): void {
  known.delete(requestId);
  known.set(requestId, value);
  const [oldest] = known.keys();
  if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
}
