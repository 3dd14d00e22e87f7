/** What moves the clock of this process (Debian's faketime) moves that of every other one that it starts. */
const CLOCK = ['LD_PRELOAD', 'FAKETIME', 'FAKETIME_DONT_FAKE_MONOTONIC', 'TZ'];

/** Of this process's surroundings what is there and named. */
function inherited(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

export const CLOCK_ENV = inherited(CLOCK);

/** What a process of Node needs of this one: where programs are, the clock, and the code that was compiled before, which halves its start. */
export const PROCESS_ENV: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  ...inherited(['NODE_COMPILE_CACHE']),
  ...CLOCK_ENV,
};
