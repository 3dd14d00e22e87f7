/** What is still to come in a simulated world, in the order of its times. No real time passes. */
export interface Agenda {
  /** True time, epoch ms; what a computer's clock shows may differ. */
  now(): number;
  /** Does `what` at `time`, or at once when that is over; returns how to call it off. */
  at(time: number, what: () => void): () => void;
  /** Lets everything happen that is due until `time`. `settled` is called whenever all that could go on by itself has. */
  run(time: number, settled: () => void): Promise<void>;
}

interface Entry {
  time: number;
  what: () => void;
}

export function openAgenda(start: number): Agenda {
  let now = start;
  const entries: Entry[] = [];

  return {
    now: () => now,
    at(time, what) {
      const entry = { time: Math.max(time, now), what };
      let index = entries.length;
      // Behind all that is due no later: what was said first happens first.
      while (index > 0 && (entries[index - 1]?.time ?? 0) > entry.time) index -= 1;
      entries.splice(index, 0, entry);
      return () => {
        const found = entries.indexOf(entry);
        if (found !== -1) entries.splice(found, 1);
      };
    },
    async run(time, settled) {
      for (;;) {
        const next = entries[0];
        if (!next || next.time > time) break;
        entries.shift();
        now = next.time;
        next.what();
        await microtasks();
        settled();
      }
      now = time;
    },
  };
}

/** Resolves when every promise that can go on without a new event has done so. */
function microtasks(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
