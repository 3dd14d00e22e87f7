// Blanks that look like none or like an ordinary one, marks of direction, joiners and control characters; tab and line ends are none.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const ORDINARY = /[\t\r\n]/g;

/** The first character of a text that nobody sees, as `U+200B`; null: there is none. */
export function invisibleIn(text: string): string | null {
  const [found] = INVISIBLE.exec(text.replaceAll(ORDINARY, ' ')) ?? [];
  return found === undefined ? null : `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

export function withoutInvisible(text: string): string {
  return text.replaceAll(new RegExp(INVISIBLE, 'gu'), '');
}

/** True for a value that begins or ends with a quote of a word processor or a web page. */
export function hasTypographicQuotes(text: string): boolean {
  return /^[\u2018-\u201f\u00ab\u2039]|[\u2018-\u201f\u00bb\u203a]$/u.test(text);
}
