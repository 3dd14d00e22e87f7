import type { Context, Hono, MiddlewareHandler } from 'hono';
import { type Check, knownHost, noForeignLink, noForeignOrigin, noForeignTag, smallBody } from '../http/guard.ts';
import type { Self } from '../http/names.ts';
import { type Access, admit } from './admit.ts';
import { type From, ROUTES, type Route } from './table.ts';

/** Puts in front of each route what the table says of it. Throws the name of a route that the table does not list. */
export function guardRoutes(app: Hono, routes: Hono, access: Access): void {
  for (const { method, path, who, from } of new Set(routes.routes.map(listed))) {
    app.on(method, path, refusing(checksOf(from, access.self)));
    // Who may call can stand in a form's field.
    if (method === 'POST') app.on(method, path, smallBody);
    app.on(method, path, admit(who, access));
  }
  app.route('/', routes);
}

/** What is no route is answered as strictly as what is one. */
export function nothingThere(self: Self, error: string) {
  return (context: Context): Response =>
    refusalOf(checksOf('ourselves', self), context) ?? context.json({ error }, 404);
}

function listed({ method, path }: Hono['routes'][number]): Route {
  const route = ROUTES.find((one) => one.method === method && one.path === path);
  if (route === undefined)
    throw new Error(`the route ${method} ${path} is not in the table of routes: say there who may call it`);
  return route;
}

function checksOf(from: From, self: Self): Check[] {
  if (from === 'any name') return [noForeignOrigin(self), noForeignTag, noForeignLink];
  if (from === 'anywhere') return [knownHost(self)];
  const fromOurselves = [knownHost(self), noForeignOrigin(self), noForeignTag];
  return from === 'links' ? fromOurselves : [...fromOurselves, noForeignLink];
}

function refusing(checks: readonly Check[]): MiddlewareHandler {
  return async (context, next) => refusalOf(checks, context) ?? next();
}

function refusalOf(checks: readonly Check[], context: Context): Response | null {
  for (const check of checks) {
    const refusal = check(context);
    if (refusal !== null) return refusal;
  }
  return null;
}
