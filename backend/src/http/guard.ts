import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isKnownHost, isOwnOrigin, type Self } from './names.ts';

const MAX_BODY_BYTES = 8_192;

/** What is wrong with a request, as its answer; null: nothing. */
export type Check = (context: Context) => Response | null;

/** A page whose name was bound to 127.0.0.1 comes with its own name in Host (DNS rebinding). */
export function knownHost(self: Self): Check {
  return (context) =>
    isKnownHost(self, context.req.header('host') ?? '')
      ? null
      : context.json({ error: 'this backend is not known under that host: add it to ALLOWED_HOSTS' }, 421);
}

const REFUSED = { error: 'requests of web pages are refused' };

/** Refuses what a script or a form of a web page sends. An extension's own origin, and no origin at all, are not a web page. */
export function noForeignOrigin(self: Self): Check {
  return (context) => {
    const origin = context.req.header('origin') ?? '';
    // `null` is a sandboxed frame's origin, or a file's.
    const isPage = /^(https?:|null$)/i.test(origin);
    return isPage && !isOwnOrigin(self, origin, context.req.header('host') ?? '') ? context.json(REFUSED, 403) : null;
  };
}

/** Refuses what a tag of a web page, such as an image or a frame, asks for; a link to a page of ours may open it. */
export const noForeignTag: Check = (context) =>
  isForeignTag(context) && context.req.header('sec-fetch-dest') !== 'document' ? context.json(REFUSED, 403) : null;

/** Refuses links of a web page as well. */
export const noForeignLink: Check = (context) => (isForeignTag(context) ? context.json(REFUSED, 403) : null);

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
