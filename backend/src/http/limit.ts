/** True for the first `most` calls of any `windowMs`. */
export function createLimit(most: number, windowMs: number) {
  let recent: number[] = [];
  return (now: number): boolean => {
    recent = recent.filter((at) => now - at < windowMs && at <= now);
    if (recent.length >= most) return false;
    recent.push(now);
    return true;
  };
}

const MAX_SENDERS = 10_000;

/** The same for each sender, so that nobody uses up what is another's. The one that was quiet longest is forgotten first. */
export function createSenderLimit(most: number, windowMs: number, maxSenders = MAX_SENDERS) {
  const limits = new Map<string, ReturnType<typeof createLimit>>();
  return (sender: string, now: number): boolean => {
    const limit = limits.get(sender) ?? createLimit(most, windowMs);
    limits.delete(sender);
    limits.set(sender, limit);
    for (const oldest of limits.keys()) {
      if (limits.size <= maxSenders) break;
      limits.delete(oldest);
    }
    return limit(now);
  };
}
