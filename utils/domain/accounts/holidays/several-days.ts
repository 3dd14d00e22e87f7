import type { WrittenDay } from './written-days.ts';

const RANGE = /^\s*(?:to|till|until|through|thru|up ?to|~|-)\s*$/i;
const LONGEST_RANGE = 15;

const DAY_BEFORE = /(?:^|\s)(\d{1,2})(?:st|nd|rd|th)?\s*(&|and|or|to|-|\/|,(?=\s))\s*$/i;
const DAY_AFTER = /^\s*(&|and|to|-|,)\s*(\d{1,2})(?:st|nd|rd|th)?(?![\w:.)])/i;

/** Whether two days are the ends of `25 Dec to 28 Dec`, by the words before the first one and between them. */
export function isRangeBy(before: string, between: string): boolean {
  return RANGE.test(between) || (/\bbetween\s*$/i.test(before) && /^\s*and\s*$/i.test(between));
}

/** The further days of `26 & 27 January`; null where it cannot be told which they are. `rows` counts the days so far, as lists do. */
export function daysBeside(
  before: string,
  after: string,
  written: WrittenDay,
  text: string,
  rows: number,
): WrittenDay[] | null {
  if (written.isNumeric) return [];
  const isMonthFirst = /[a-z]/i.test(text.charAt(written.at));
  const [, ahead, behind, other] = (isMonthFirst ? DAY_AFTER : DAY_BEFORE).exec(isMonthFirst ? after : before) ?? [];
  const [sign, number] = isMonthFirst ? [ahead, behind ?? other] : [behind, ahead];
  if (sign === undefined || number === undefined) return [];
  if (/&|and/i.test(sign)) return [{ ...written, day: Number(number) }];
  const isCount = !isMonthFirst && Number(number) === rows + 1;
  return isCount ? [] : null;
}

/** The days inside of `from - to`; its two ends are rows already. Null: it is too long for a holiday, as the year of a list. */
export function between(from: WrittenDay, to: WrittenDay): WrittenDay[] | null {
  const year = from.year ?? to.year;
  const first = Date.UTC(year ?? 0, from.month - 1, from.day);
  const last = Date.UTC(to.year ?? year ?? 0, to.month - 1, to.day);
  const count = Math.round((last - first) / 86_400_000) - 1;
  if (count > LONGEST_RANGE) return null;
  if (year === null || count < 1) return [];
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(first + (at + 1) * 86_400_000);
    const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + 1];
    return { at: 0, end: 0, isNumeric: false, year, month, day: day.getUTCDate() };
  });
}
