/** Stands in a settings file where a value was left out that may be secret: it has to be typed again. */
export const LEFT_OUT = '***';

/** What of a destination may hold a secret that somebody put there. */
export interface Parts {
  url: string;
  extra?: Record<string, string> | undefined;
  status?: { url: string } | null | undefined;
}

/** Whether something has to be typed before a destination can be meant. */
export function isLeftOut({ url, extra = {}, status }: Parts): boolean {
  return isOpen(url) || Object.values(extra).includes(LEFT_OUT) || (status ? isOpen(status.url) : false);
}

/** Whether an address has a place where a value was left out. */
export function isOpen(url: string): boolean {
  return queryOf(url).some((part) => part === LEFT_OUT || part.endsWith(`=${LEFT_OUT}`));
}

/** Whether a value was left out. */
export function isPlaceholder(value: unknown): boolean {
  return value === LEFT_OUT;
}

/** The parts of an address's query as they are written. */
export function queryOf(url: string): string[] {
  const at = url.indexOf('?');
  return at < 0 ? [] : url.slice(at + 1).split('&');
}
