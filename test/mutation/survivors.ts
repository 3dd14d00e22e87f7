/** A change of the code that no test has to see, since it changes nothing that can be observed. */
export interface Meant {
  file: string;
  /** The line that it begins in, without its indentation. */
  code: string;
  /** What stands in the place of the code. */
  replacement: string;
  reason: string;
}

export const MEANT: readonly Meant[] = [];
