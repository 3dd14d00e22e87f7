import { PRESETS } from './known-systems.ts';

/** Stands in a settings file where a value was left out that may be secret: it has to be typed again. */
const LEFT_OUT = '***';

/** What of a destination may hold a secret that somebody put there. */
interface Parts {
  url: string;
  extra?: Record<string, string> | undefined;
  status?: { url: string } | null | undefined;
}

/** A destination as a settings file may have it: the names of its addresses' queries and constant fields without their values. */
export function leaveOut<T extends Parts>(destination: T): T {
  const { url, extra, status } = destination;
  return {
    ...destination,
    url: withoutValues(url),
    ...(extra
      ? { extra: Object.fromEntries(Object.entries(extra).map(([name, value]) => [name, shown(name, value)])) }
      : {}),
    ...(status ? { status: { ...status, url: withoutValues(status.url) } } : {}),
  };
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

/** What a known system's own page sends is no secret. */
function shown(name: string, value: string): string {
  return PRESETS.some(({ fills }) => fills.extra?.[name] === value) ? value : LEFT_OUT;
}

function withoutValues(url: string): string {
  const [place] = url.split('?', 1);
  const query = queryOf(url).map(withoutValue);
  return query.length > 0 ? `${place}?${query.join('&')}` : url;
}

/** `key=value` keeps its name; a key may also stand there alone, and end in the signs that Base64 is filled up with. */
function withoutValue(part: string): string {
  const [, name] = /^([^=]+)=+[^=]/.exec(part) ?? [];
  if (part === '') return part;
  return name === undefined ? LEFT_OUT : `${name}=${LEFT_OUT}`;
}

function queryOf(url: string): string[] {
  const at = url.indexOf('?');
  return at < 0 ? [] : url.slice(at + 1).split('&');
}
