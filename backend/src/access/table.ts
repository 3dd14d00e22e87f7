/** Who may call a route. Each of the lower four takes the administrator's session and `session-key` as well, unless it says otherwise. */
export type Who =
  /** It says nothing, proves itself, or is the way in. */
  | 'anyone'
  /** It holds no secret and no result: a program on this machine needs no key. */
  | 'this machine'
  /** The same, and the key of the metrics opens it. */
  | 'metrics'
  | 'administrator'
  /** As the administrator's; a browser without a session is led to the sign-in. */
  | 'page'
  /** It gives access tokens away: `session-key` alone, and no session of a browser. */
  | 'session key';

/** Where a request may come from. */
export type From =
  /** From programs and from our own pages. */
  | 'ourselves'
  /** The same, under whatever name this machine was asked: a prober knows addresses only. */
  | 'any name'
  /** A link on another site may open it. */
  | 'links'
  /** Another site may send a browser here, its form included. */
  | 'anywhere';

export interface Route {
  method: 'GET' | 'POST';
  path: string;
  who: Who;
  from: From;
}

const row = (method: Route['method'], path: string, who: Who, from: From = 'ourselves'): Route => ({
  method,
  path,
  who,
  from,
});

/** Every route there is. What is not listed here does not start. */
export const ROUTES: readonly Route[] = [
  row('GET', '/health', 'anyone', 'any name'),
  row('GET', '/ready', 'anyone', 'any name'),
  row('GET', '/metrics', 'metrics'),
  row('POST', '/session', 'anyone'),
  row('GET', '/session/:account', 'session key'),
  row('GET', '/api/auth/callback', 'anyone', 'anywhere'),
  row('POST', '/api/auth/callback', 'anyone', 'anywhere'),
  row('GET', '/api/auth/callback/:account', 'anyone', 'anywhere'),
  row('POST', '/api/auth/callback/:account', 'anyone', 'anywhere'),
  row('GET', '/api/auth/login', 'page'),

  row('GET', '/admin/login', 'anyone', 'links'),
  row('POST', '/admin/login', 'anyone'),
  row('POST', '/admin/key', 'anyone'),
  row('GET', '/assets/page.css', 'anyone'),
  row('GET', '/assets/sign-in.js', 'anyone'),
  row('GET', '/assets/login-results.js', 'anyone'),
  row('GET', '/assets/send.js', 'anyone'),
  row('GET', '/assets/show.js', 'anyone'),
  row('POST', '/admin/logout', 'administrator'),
  row('GET', '/admin/me', 'administrator'),

  row('GET', '/', 'page', 'links'),
  row('GET', '/session-manager', 'page', 'links'),
  row('GET', '/assets/dashboard.js', 'administrator'),
  row('GET', '/assets/session-manager.js', 'administrator'),
  row('GET', '/assets/breeze.js', 'administrator'),
  row('GET', '/assets/dialog.js', 'administrator'),
  row('GET', '/assets/queue.js', 'administrator'),
  row('GET', '/assets/status.js', 'administrator'),

  row('GET', '/status', 'this machine'),
  row('GET', '/events', 'administrator'),
  row('GET', '/ticks', 'administrator'),
  row('GET', '/queue', 'administrator'),
  row('POST', '/queue', 'administrator'),
  row('GET', '/queue/:id', 'administrator'),
  row('POST', '/queue/:id/confirm', 'administrator'),
  row('POST', '/queue/:id/cancel', 'administrator'),

  row('GET', '/api/session-manager', 'this machine'),
  row('POST', '/api/session-manager', 'administrator'),
  row('GET', '/api/breeze-live-price', 'this machine'),
  row('POST', '/trigger/update-breeze-session/', 'administrator'),
  row('POST', '/trigger/update-breeze-session', 'administrator'),
  row('POST', '/trigger/futures-algorithm/', 'administrator'),
  row('POST', '/trigger/futures-algorithm', 'administrator'),
  row('POST', '/trigger/verify-trade/', 'administrator'),
  row('POST', '/trigger/verify-trade', 'administrator'),
  row('POST', '/trigger/nifty-strangle/', 'administrator'),
  row('POST', '/trigger/nifty-strangle', 'administrator'),
];
