import { brokers } from '../../shared/brokers/index.ts';
import { isLoopback, parseUrl } from '../../shared/urls.ts';
import { scrub } from '../capture/redirect.ts';
import type { Around, Finding, Mistake, Typed } from './finding.ts';

/** The first thing that is odd about a redirect URL and what it is said to be, or null. */
export function findInRedirect({ redirectUrl, mode }: Typed, { destination }: Around): Finding | null {
  if (redirectUrl.trim() === '') return null;
  return asText(redirectUrl) ?? withoutScheme(redirectUrl) ?? asUrl(redirectUrl, mode, destination);
}

/** What surrounds the address. */
function asText(text: string): Finding | null {
  const bare = text.trim().replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*UR[IL]\s*=\s*/, '');
  const [, , quoted] = /^(["'`<])(.+)["'`>]$/.exec(bare) ?? [];
  const inside = quoted ?? bare;
  if (inside !== text.trim()) return mistake('url_env', { redirectUrl: inside });
  const redirectUrl = text.replaceAll(/[\s\u200b\ufeff]/g, '');
  return redirectUrl === text ? null : mistake('url_blank', { redirectUrl });
}

/** `www.google.com` or `localhost:8000/back`, which reads like an address and is none. */
function withoutScheme(text: string): Finding | null {
  if (/^https?:\/\//i.test(text)) return null;
  const rest = text.replace(/^(?:https?:\/?|\/\/)(?=[^/])/i, '');
  const isAddress = /^(localhost|(?:[\w-]+\.)+[\w-]+)(:\d{1,5})?([/?#].*)?$/i.test(rest);
  const url = isAddress ? parseUrl(`http://${rest}`) : null;
  if (!url) return /^[a-z][a-z0-9+.-]*:/i.test(text) ? null : mistake('url_scheme');
  return mistake('url_scheme', { redirectUrl: `${isLoopback(url) ? 'http' : 'https'}://${rest}` });
}

function asUrl(text: string, mode: Typed['mode'], destination: string | null): Finding | null {
  const url = parseUrl(text);
  if (!url) return null;
  if (url.username || url.password)
    return mistake('url_user', { redirectUrl: changed(url, { username: '', password: '' }) });
  if (text.includes('#')) return mistake('url_fragment', { redirectUrl: text.slice(0, text.indexOf('#')) });
  if (isLoginPage(url)) return mistake('url_login');
  const clean = withoutLogin(url);
  if (clean !== null) return mistake('url_token', { redirectUrl: clean });
  if (url.protocol === 'https:' && isLoopback(url) && mode === 'seal')
    return doubt('url_https', { redirectUrl: text.replace(/^https/i, 'http') });
  return byMode(url, mode, destination);
}

function isLoginPage(url: URL): boolean {
  return Object.values(brokers).some(({ hosts, apiKeyIn }) => hosts.includes(url.hostname) && apiKeyIn(url) !== null);
}

/** The address without a login's parameters, or null where it has none. */
function withoutLogin(url: URL): string | null {
  const bare = Object.values(brokers).reduce((href, broker) => scrub(broker, href), url.href);
  if (bare === url.href) return null;
  const clean = new URL(bare);
  // What the brokers add beside the token.
  for (const { adds } of Object.values(brokers)) for (const name of adds) clean.searchParams.delete(name);
  return clean.href;
}

/** Where the address and what is said of it do not go together. */
function byMode(url: URL, mode: Typed['mode'], destination: string | null): Finding | null {
  const isBackend = destination !== null && parseUrl(destination)?.origin === url.origin;
  if (mode === 'observe')
    return url.pathname === '/' && isLoopback(url) && !isBackend ? doubt('url_dummy', { mode: 'seal' }) : null;
  if (isBackend) return doubt('url_backend', { mode: 'observe' });
  if (/(?:^|[/_-])(?:callback|oauth2?|auth)(?:[/_.-]|$)/i.test(url.pathname))
    return doubt('url_callback', { mode: 'observe' });
  return mode === 'forward' && url.protocol === 'http:' && !isLoopback(url) ? doubt('url_open') : null;
}

function changed(url: URL, change: Partial<Pick<URL, 'username' | 'password'>>): string {
  return Object.assign(new URL(url), change).href;
}

function mistake(code: Mistake, fix?: Partial<Typed>): Finding {
  return { field: 'redirectUrl', code, severity: 'wrong', ...(fix ? { fix } : {}) };
}

function doubt(code: Mistake, fix?: Partial<Typed>): Finding {
  return { ...mistake(code, fix), severity: 'doubt' };
}
