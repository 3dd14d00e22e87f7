const PLACEHOLDER =
  /^(?:…+|\.{2,}|\*{3,}|x{3,}|<.*>|\[.*\]|\{.*\}|change[-_ ]?me|replace[-_ ]?me|todo|placeholder|(?:your|my)[-_ ].*|.*[-_ ]here)$/i;

/** True for what a copied example says in place of a value. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value.trim());
}

/** True for a value between quotes: docker's --env-file passes them on as part of it, unlike a shell and `.env`. */
export function isQuoted(value: string): boolean {
  return /^(['"]).*\1$/.test(value);
}

/**
 * True for a key as an address carries it. ICICI's keys hold + = ! # % ^ ~ & ( ) * and blanks: one that has some of them
 * encoded and none as they are was copied out of an address.
 */
export function isUrlEncoded(value: string): boolean {
  return /%(?:2[0135689abcf]|3d|40|5e|7e)/i.test(value) && !/[+=#^&\s/?@]|%(?![0-9a-f]{2})/i.test(value);
}
