import type { Context } from 'hono';
import { parseUrl } from '../../../utils/shared/urls.ts';
import { parseHost } from './names.ts';
import { basePath } from './own-path.ts';

/** Where this backend stands for the browser of a request: at the top of its host, or where a proxy has put it. */
export function cookiePlace(context: Context, publicUrl: string | null): { path: string; secure: boolean } {
  const own = publicUrl === null ? null : parseUrl(publicUrl);
  const isPublic = own !== null && parseHost(context.req.header('host') ?? '')?.name === parseHost(own.hostname)?.name;
  // A browser keeps no Secure cookie of plain http, and on 127.0.0.1 there is no other.
  if (!isPublic) return { path: '/', secure: false };
  return { path: basePath(own.pathname), secure: own.protocol === 'https:' };
}
