/** FNV-1a of a text, as an unsigned 32-bit number: finds damage and spreads values; it proves nothing. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
