/** One way of many that are measured side by side. */
export interface Entrant<T> {
  name: string;
  /** Takes one turn, and gives what it measured. */
  turn(): Promise<T>;
}

/**
 * Lets each take its turn, again and again, so that whatever slows the machine slows them all. Each round begins with
 * another one, and the first rounds warm up and do not count. Gives the measurements by name, in the order of the rounds.
 */
export async function takeTurns<T>(
  entrants: readonly Entrant<T>[],
  rounds: number,
  warmUps = 1,
): Promise<Map<string, T[]>> {
  const measured = new Map(entrants.map(({ name }): [string, T[]] => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1)
    for (const { name, turn } of rotated(entrants, round + warmUps)) {
      const took = await turn();
      if (round >= 0) measured.get(name)?.push(took);
    }
  return measured;
}

function rotated<T>(all: readonly T[], by: number): T[] {
  const at = by % all.length;
  return [...all.slice(at), ...all.slice(0, at)];
}
