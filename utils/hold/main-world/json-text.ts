import { isArray, keys, stringify } from './natives.ts';

/** Longer texts are nobody's "log in again", and cost their page time. */
export const CAP_CHARACTERS = 256 * 1024;

/** The text of a value that came out of JSON, without a `toJSON` that the page may have put into its prototypes; cut beyond the cap. */
export function jsonText(value: unknown): string {
  let text = '';
  const write = (part: unknown): void => {
    if (text.length > CAP_CHARACTERS) return;
    if (typeof part !== 'object' || part === null) text += stringify(part);
    else if (isArray(part)) writeItems(part);
    else writeFields(part as Record<string, unknown>);
  };
  const writeItems = (items: readonly unknown[]): void => {
    text += '[';
    for (let index = 0; index < items.length && text.length <= CAP_CHARACTERS; index += 1) {
      if (index > 0) text += ',';
      write(items[index]);
    }
    text += ']';
  };
  const writeFields = (fields: Record<string, unknown>): void => {
    const names = keys(fields);
    text += '{';
    for (let index = 0; index < names.length && text.length <= CAP_CHARACTERS; index += 1) {
      const name = names[index] ?? '';
      text += `${index > 0 ? ',' : ''}${stringify(name)}:`;
      write(fields[name]);
    }
    text += '}';
  };
  write(value);
  return text;
}
