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
