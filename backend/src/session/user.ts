/** Which user an account belongs to: by the environment, else by the first session, and by the request as well. */
export interface Pins {
  configured: string | null;
  first: string | null;
  expected: string | null;
}

/** The user that every pin allows; null: any; `conflict`: the pins contradict each other. */
export function allowedUser({ configured, first, expected }: Pins): { ok: true; user: string | null } | { ok: false } {
  const own = configured ?? first;
  if (own !== null && expected !== null && !sameUser(own, expected)) return { ok: false };
  return { ok: true, user: own ?? expected };
}

export function sameUser(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
