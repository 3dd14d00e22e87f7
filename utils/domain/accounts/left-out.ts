import { PRESETS } from './known-systems.ts';
import { LEFT_OUT, type Parts, queryOf } from './placeholders.ts';

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
