/** What a process of Node needs of this one: where programs are, and the code that was compiled before, which halves its start. */
export const PROCESS_ENV: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  ...(process.env.NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
};
