import type { ToldProblem } from '../../base/check.ts';
import type { WrittenDay } from './written-days.ts';

/** A day of a pasted list, before it is judged. `where` names the line or entry for a person. */
export interface Row {
  where: string;
  written: WrittenDay;
  name: string;
  /** The words around the day, for the weekday in them. */
  text: string;
  kind: 'closed' | 'evening' | 'morning' | { from: number; to: number };
}

/** A part of a list that names a day which is not taken, and why. */
export interface Passed {
  text: string;
  why: 'stamp' | 'special' | 'settlement' | 'other_market' | 'open';
}

/** What a reader of one form found. `year` stands in where a day has none. */
export interface Found {
  rows: Row[];
  passed: Passed[];
  problems: ToldProblem[];
  year: number | null;
}
