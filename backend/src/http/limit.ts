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
