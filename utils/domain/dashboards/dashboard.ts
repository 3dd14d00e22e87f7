import { brokers } from '../../shared/brokers/index.ts';
import { MARKET_IDS } from '../../shared/market.ts';
import { z } from '../../shared/schema.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { parseUrl } from '../../shared/urls.ts';
import { Id } from '../accounts/settings.ts';
import { wrong } from '../base/check.ts';

/** Where a dashboard may live: an origin and nothing more, and never a broker's (CAP-11). */
const Origin = z.string().check(
  z.maxLength(200),
  z.refine((text) => {
    const url = parseUrl(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
  }, wrong('origin')),
  z.refine((text) => {
    const host = parseUrl(text)?.hostname ?? '';
    return !Object.values(brokers).some(({ hosts }) => hosts.includes(host));
  }, wrong('brokers_page')),
);

const Signal = z
  .strictObject({
    status: z.nullable(z.int().check(z.minimum(200), z.maximum(599))),
    path: z.nullable(z.string().check(z.regex(/^[\w$-]+(\.[\w$-]+)*$/, wrong('path')), z.maxLength(100))),
    text: z.nullable(z.string().check(z.minLength(1), z.maxLength(200))),
  })
  .check(z.refine(({ status, path, text }) => status !== null || path !== null || text !== null, wrong('signal')));

const EffectRule = z.strictObject({
  method: z.string().check(z.regex(/^(\*|[A-Z]{1,20})$/, wrong('method'))),
  path: z.string().check(z.minLength(1), z.maxLength(200)),
  effect: z.enum(['read', 'act']),
  market: z.optional(z.enum(MARKET_IDS)),
});

/** What a person says of a dashboard. */
export const DashboardForm = z.strictObject({
  origin: Origin,
  account: Id,
  signals: z.array(Signal).check(z.maxLength(10)),
  rules: z.array(EffectRule).check(z.maxLength(20)),
  readLimitMs: z.int().check(z.minimum(10 * SECOND), z.maximum(15 * MINUTE)),
  actLimitMs: z.int().check(z.minimum(10 * SECOND), z.maximum(15 * MINUTE)),
  /** A path on the same origin that says what became of a request: 200 it was carried out, 404 it never arrived. */
  lookup: z.nullable(
    z.string().check(
      z.maxLength(200),
      z.refine((path) => /^\/(?!\/)/.test(path) && path.includes('{key}'), wrong('lookup')),
    ),
  ),
});
export type DashboardForm = z.infer<typeof DashboardForm>;

export const Dashboard = z.strictObject({
  id: Id,
  ...DashboardForm.shape,
  createdAt: z.int(),
  /** Set where it, or a change of it, came with a settings file: it is off until the person switches it on by hand. */
  unconfirmed: z.optional(z.literal(true)),
});
export type Dashboard = z.infer<typeof Dashboard>;

/** How many requests were gone with their page. */
export const Lost = z.strictObject({ dashboard: Id, count: z.int() });

export const DEFAULT_LIMITS = { readLimitMs: 15 * MINUTE, actLimitMs: 2 * MINUTE };

/** The match pattern of a dashboard's own pages. Firefox takes a port in a pattern and then matches nothing: there the scripts stay inert until the origin is confirmed. */
export function dashboardPattern(origin: string, hasPorts: boolean): string {
  const { protocol, hostname, port } = new URL(origin);
  const own = port || (protocol === 'https:' ? '443' : '80');
  return `${protocol}//${hostname}${hasPorts ? `:${own}` : ''}/*`;
}
