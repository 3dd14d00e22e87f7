import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parseUrl } from '../../../utils/shared/urls.ts';

const MAX_BODY_BYTES = 8_192;

/** The hosts and origins under which this backend is itself; read at each request, since port 0 is known late. */
export interface Self {
  port(): number;
  publicUrl: string | null;
}

/** A page whose name was bound to 127.0.0.1 comes with its own name in Host (DNS rebinding). */
export function knownHost(self: Self): MiddlewareHandler {
  return async (context, next) => {
    const host = (context.req.header('host') ?? '').toLowerCase();
    if (!hosts(self).includes(host)) return context.json({ error: 'this backend is not known under that host' }, 421);
    await next();
  };
}

const REFUSED = { error: 'requests of web pages are refused' };

/** Refuses what a script or a form of a web page sends. An extension's own origin, and no origin at all, are not a web page. */
export function noForeignOrigin(self: Self): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header('origin') ?? '';
    // `null` is a sandboxed frame's origin, or a file's.
    if (/^(https?:|null$)/i.test(origin) && !origins(self).includes(origin.toLowerCase()))
      return context.json(REFUSED, 403);
    await next();
  };
}

/** Refuses what a tag of a web page, such as an image or a frame, asks for; a link to a page of ours may open it. */
export const noForeignTag: MiddlewareHandler = async (context, next) => {
  if (isForeignTag(context) && context.req.header('sec-fetch-dest') !== 'document') return context.json(REFUSED, 403);
  await next();
};

/** Refuses links of a web page as well. */
export const noForeignLink: MiddlewareHandler = async (context, next) => {
  if (isForeignTag(context)) return context.json(REFUSED, 403);
  await next();
};

/** Tags and links name no origin. */
function isForeignTag({ req }: Context): boolean {
  const site = req.header('sec-fetch-site');
  return req.method !== 'POST' && req.header('origin') === undefined && (site === 'cross-site' || site === 'same-site');
}

export const jsonOnly: MiddlewareHandler = async (context, next) => {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    return context.json({ error: 'content-type must be application/json' }, 415);
  await next();
};

export const smallBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: (context) => context.json({ error: `a request must be at most ${MAX_BODY_BYTES} bytes` }, 413),
});

/** Nothing here is for a cache, a frame or a guess at its type. */
export const plainHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  context.header('cache-control', 'no-store');
  context.header('x-content-type-options', 'nosniff');
  context.header('cross-origin-resource-policy', 'same-origin');
  // A page brings its own, which is no wider than it needs.
  if (!context.res.headers.has('content-security-policy'))
    context.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
};

function hosts({ port, publicUrl }: Self): string[] {
  const own = publicUrl === null ? null : parseUrl(publicUrl);
  const suffix = port() === 80 ? '' : `:${port()}`;
  return [`127.0.0.1${suffix}`, `localhost${suffix}`, ...(own === null ? [] : [own.host])];
}

function origins(self: Self): string[] {
  const own = self.publicUrl === null ? null : parseUrl(self.publicUrl);
  return [...hosts(self).map((host) => `http://${host}`), ...(own === null ? [] : [own.origin])];
}
