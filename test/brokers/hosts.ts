import { simples } from './simple/list.ts';

/** The brokers' own names, and that of the one other source of prices; all of them are served by one TLS port on this machine. */
export const HOSTS: readonly string[] = [
  'kite.zerodha.com',
  'api.kite.trade',
  'ws.kite.trade',
  'api.icicidirect.com',
  'livestream.icicidirect.com',
  'query1.finance.yahoo.com',
  ...Object.values(simples).flatMap(({ hosts }) => hosts),
];
export type Host = string;

/** The broker host that a `Host` header or a URL's host names, or null. */
export function hostIn(text: string): Host | null {
  const name = text.replace(/:\d+$/, '').toLowerCase();
  return HOSTS.find((host) => host === name) ?? null;
}
