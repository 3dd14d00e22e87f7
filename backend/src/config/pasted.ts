const SECRETS = '(?:api|app|client|consumer)?[-_ ]?(?:key|secret|token|password)';
const PLACEHOLDERS = [
  '…+|\\.{2,}|[-_*#]{3,}|0{4,}|x{3,}(?:[-_ ]x+)*',
  '<.*>|\\[.*\\]|\\{.*\\}|%[A-Z_]+%|\\$[{(].*[)}]|\\$[A-Z]+(?:_[A-Z]+)+',
  'change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this)|todo|tbd|fixme|placeholder|dummy|example|null|undefined|none|nil|n/a',
  '(?:your|my|enter|insert|paste|put|add|type|provide|example|sample|dummy)[-_ ].*|.*[-_ ]here',
  `your${SECRETS}|(?:api|app|client|consumer)[-_ ]?(?:key|secret|token|password)`,
];
const PLACEHOLDER = new RegExp(`^(?:${PLACEHOLDERS.join('|')})$`, 'i');

/** True for what a copied example says in place of a value. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value.trim());
}

/** True for a value between quotes: docker's --env-file passes them on as part of it, unlike a shell and `.env`. */
export function isQuoted(value: string): boolean {
  return /^(['"]).*\1$/.test(value);
}

/** True for a key with the comma, the semicolon or the one quote that stood behind it, or the quote before it, in a program. */
export function hasMark(value: string): boolean {
  return /^['"`]|['"`,;]$/.test(value);
}

/** True for what only names the place of a key: `op://vault/kite/secret`, `encrypted:…` of dotenvx, a file, a page. */
export function isReference(value: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:encrypted|vault|file|secret|ref|arn):)/i.test(value);
}

/** True for a key with its name in front, as a page shows it: `API Key: abc`. */
export function hasName(value: string): boolean {
  return /^[\w ]*(?:api|app|client|consumer)[-_ ]?(?:key|secret|id)\s*[:=]/i.test(value);
}

/** True for a key out of the source of a page, where `&` stands as `&amp;`. */
export function hasEntity(value: string): boolean {
  return /&(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);/i.test(value);
}

/**
 * True for a key as an address carries it. ICICI's keys hold + = ! # % ^ ~ & ( ) * and blanks: one that has some of them
 * encoded and none as they are was copied out of an address.
 */
export function isUrlEncoded(value: string): boolean {
  return /%(?:2[0135689abcf]|3d|40|5e|7e)/i.test(value) && !/[+=#^&\s/?@]|%(?![0-9a-f]{2})/i.test(value);
}
