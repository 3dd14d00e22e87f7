import { getPath } from 'hono/utils/url';

/** What stands in front of our own paths in the address of `/session`: `/` or, under a sub-path, `/bell/`. */
export function basePath(pathname: string): string {
  return pathname.replace(/session$/, '');
}

/** The path of a request among our own, whether a proxy took the sub-path away or left it. */
export function ownPath(request: Request, publicUrl: string | null): string {
  const path = getPath(request);
  const base = publicUrl === null ? '/' : basePath(new URL(publicUrl).pathname);
  return base !== '/' && path.startsWith(base) ? path.slice(base.length - 1) : path;
}
