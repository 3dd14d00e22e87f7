import { wrong } from './problem.ts';
import { z } from './schema.ts';

/** Parses a URL as a value: text that is none becomes null. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** Where a destination may live: https anywhere, http only on this machine, since a token travels there in the body. */
export const DestinationUrl = z.string().check(
  z.maxLength(500),
  z.refine((text) => {
    const url = parseUrl(text);
    return url !== null && isBare(url) && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  }, wrong('destination_url')),
);

/** What may be registered at a broker as redirect URL. Its own query may stay; a scheme-less one never comes back as written. */
export const RedirectUrl = z.string().check(
  z.maxLength(500),
  z.refine((text) => {
    const url = parseUrl(text);
    return url !== null && isBare(url) && (url.protocol === 'https:' || url.protocol === 'http:');
  }, wrong('redirect_url')),
);

/** True for the two names of this machine that browsers treat as such and that our content security policy admits. */
export function isLoopback(url: URL): boolean {
  return url.hostname === '127.0.0.1' || url.hostname === 'localhost';
}

/** The permission pattern of a URL's host. No port: Firefox accepts one and then matches nothing. */
export function hostPattern(url: string): string {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
}

/** Match patterns of one page: with and without a query, and a slash at its end. No pattern can hold a port. */
export function pagePatterns(url: string): string[] {
  const { protocol, hostname, pathname } = new URL(url);
  const path = pathname.replace(/\/$/, '');
  const paths = path === '' ? ['/'] : [path, `${path}/`];
  return paths.flatMap((one) => [one, `${one}?*`]).map((one) => `${protocol}//${hostname}${one}`);
}

/** Same scheme, host, port and path: how a redirect is compared with the registered URL. */
export function samePlace(a: URL, b: URL): boolean {
  return a.origin === b.origin && a.pathname === b.pathname;
}

function isBare(url: URL): boolean {
  return url.username === '' && url.password === '' && url.hash === '';
}
