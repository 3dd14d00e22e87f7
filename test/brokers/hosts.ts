/** The brokers' own names, and that of the one other source of prices; all of them are served by one TLS port on this machine. */
export const HOSTS = [
  'kite.zerodha.com',
  'api.kite.trade',
  'ws.kite.trade',
  'api.icicidirect.com',
  'livestream.icicidirect.com',
  'query1.finance.yahoo.com',
] as const;
export type Host = (typeof HOSTS)[number];

/** The broker host that a `Host` header or a URL's host names, or null. */
export function hostIn(text: string): Host | null {
  const name = text.replace(/:\d+$/, '').toLowerCase();
  return HOSTS.find((host) => host === name) ?? null;
}
