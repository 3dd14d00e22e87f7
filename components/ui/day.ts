import { languageTag } from '../../utils/domain/base/words.ts';

/** `Tue, 24 Nov 2026`, in the person's language, of `2026-11-24`. */
export function dayInWords(date: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(languageTag(), options).format(new Date(`${date}T00:00Z`));
}
