import { parseUrl } from '../../../utils/shared/urls.ts';

/** The names under which this backend is itself. The port is read at each request, since port 0 is known late. */
export interface Self {
  port(): number;
  publicUrl: string | null;
  /** Further names that the person listed, each with or without a port. */
  allowedHosts: readonly string[];
}

interface Host {
  name: string;
  port: string | null;
}

/** True for this machine's own names with our port, for the public name and for each listed one. */
export function isKnownHost(self: Self, text: string): boolean {
  const host = parseHost(text);
  return host !== null && (isLoopbackHost(self, text) || isListed(self, host));
}

/** True for the two names by which a program on this machine asks. */
export function isLoopbackHost({ port }: Self, text: string): boolean {
  const suffix = port() === 80 ? '' : `:${port()}`;
  return [`127.0.0.1${suffix}`, `localhost${suffix}`].includes(text.toLowerCase());
}

/** True for the public address, and for a page that came from the very host it asks now. */
export function isOwnOrigin(self: Self, origin: string, host: string): boolean {
  const url = parseUrl(origin);
  if (url === null) return false;
  if (self.publicUrl !== null && url.origin === parseUrl(self.publicUrl)?.origin) return true;
  // A page's script cannot write `Host`, so a page of another port or name never fits.
  if (isLoopbackHost(self, host)) return url.protocol === 'http:' && isLoopbackHost(self, url.host);
  return isKnownHost(self, host) && sameHost(url, host);
}

/**
 * The public name counts with any port: a proxy may write the one it listens on, the standard one, or none. A page whose
 * name was bound to this machine is known by its name.
 */
function isListed({ publicUrl, allowedHosts }: Self, { name, port }: Host): boolean {
  const own = publicUrl === null ? null : parseHost(new URL(publicUrl).hostname);
  if (own?.name === name) return true;
  return allowedHosts.some((text) => {
    const listed = parseHost(text);
    return listed?.name === name && (listed.port === null || listed.port === port);
  });
}

function sameHost(url: URL, host: string): boolean {
  return url.host === parseUrl(`${url.protocol}//${host}`)?.host;
}

/** `name`, `name:port`, `[::1]:port`; in small letters, without the dot that ends a full name. */
export function parseHost(text: string): Host | null {
  const [, name, port] = /^([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  return name === undefined ? null : { name: name.toLowerCase().replace(/\.$/, ''), port: port ?? null };
}
