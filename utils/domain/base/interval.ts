/** A stretch of time, epoch ms; `to` is the first moment after it. */
export interface Stretch {
  from: number;
  to: number;
}

/** The same time in the fewest stretches, in order: none is empty, none meets another. */
export function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (from >= to) continue;
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** What of merged stretches lies within bounds. */
export function clip(stretches: readonly Stretch[], bounds: Stretch): Stretch[] {
  return stretches
    .map(({ from, to }) => ({ from: Math.max(from, bounds.from), to: Math.min(to, bounds.to) }))
    .filter(({ from, to }) => from < to);
}

/** What of a stretch lies in none of the merged holes. */
export function without(whole: Stretch, holes: readonly Stretch[]): Stretch[] {
  const edges = [{ from: whole.from, to: whole.from }, ...clip(holes, whole), { from: whole.to, to: whole.to }];
  return edges.slice(1).flatMap(({ from }, at) => {
    const before = edges[at]?.to ?? from;
    return before < from ? [{ from: before, to: from }] : [];
  });
}

/** How long stretches are together, ms. */
export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}
