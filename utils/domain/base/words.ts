import type messages from '../../../public/_locales/en/messages.json';

/** The name of a sentence in `public/_locales`. */
export type Word = keyof typeof messages;

/** A sentence that depends on a number is there twice, as `…_one` and `…_other`: the languages so far need no more. */
type Counted = { [W in Word]: W extends `${infer Stem}_one` ? Stem : never }[Word];

/** The language a person reads: its BCP 47 tag, and where its sentences come from. */
export interface Language {
  tag: string;
  /** The sentence of that name with `$1`, `$2`, … replaced; empty where there is none. */
  sentence(word: string, values: string[]): string;
}

// The one thing that is not a parameter here: a process has one language, said once before anything is shown.
let language: (Language & { plurals: Intl.PluralRules }) | null = null;

/** Chooses the language of everything that is said from now on. */
export function speak(chosen: Language): void {
  language = { ...chosen, plurals: new Intl.PluralRules(chosen.tag) };
}

/** The tag of the chosen language, for `Intl` and for `lang`. */
export function languageTag(): string {
  return chosen().tag;
}

/** A sentence in the person's language. Throws where no language was chosen or a file lacks the sentence: both are bugs. */
export function say(word: Word, ...values: (string | number)[]): string {
  const said = chosen().sentence(word, values.map(String));
  if (said === '') throw new Error(`the language ${chosen().tag} has no sentence ${word}`);
  return said;
}

/** A sentence about `count` things, which stands in it as `$1`. */
export function sayCount(stem: Counted, count: number, ...values: (string | number)[]): string {
  const form = chosen().plurals.select(count) === 'one' ? 'one' : 'other';
  return say(`${stem}_${form}`, formatNumber(count), ...values);
}

/** A number as the language writes it. */
export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  const { tag } = chosen();
  const name = `${tag} ${JSON.stringify(options)}`;
  const format = numbers.get(name) ?? new Intl.NumberFormat(tag, options);
  numbers.set(name, format);
  return format.format(value);
}
// One that is made anew takes longer than a thousand numbers, and a screen counts by the second.
const numbers = new Map<string, Intl.NumberFormat>();

/** The month of a date in UTC, as the language shortens it. */
export function formatMonth(at: number): string {
  const { tag } = chosen();
  const format = months.get(tag) ?? new Intl.DateTimeFormat(tag, { month: 'short', timeZone: 'UTC' });
  months.set(tag, format);
  return format.format(at);
}
const months = new Map<string, Intl.DateTimeFormat>();

/** A code of ours as it stands in a sentence's name, which has no dashes. */
export function keyOf<T extends string>(code: T): Key<T> {
  return code.replaceAll('-', '_') as Key<T>;
}
type Key<T extends string> = T extends `${infer Start}-${infer Rest}` ? `${Start}_${Key<Rest>}` : T;

/** A language read from one of the files in `public/_locales`, where there is no browser to read it. */
export function languageOf(tag: string, file: Readonly<Record<string, { message: string }>>): Language {
  return {
    tag,
    sentence: (word, values) =>
      (file[word]?.message ?? '').replaceAll(/\$(\$|[1-9])/g, (_, sign: string) =>
        sign === '$' ? '$' : (values[Number(sign) - 1] ?? ''),
      ),
  };
}

function chosen() {
  if (language === null) throw new Error('speak() comes before the first sentence');
  return language;
}
