import { brokers } from '../../shared/brokers/index.ts';
import { parseUrl } from '../../shared/urls.ts';
import { isGranted } from '../accounts/hosts.ts';
import { COOKIES, DATA_CONSENT, HAS_CONTAINERS, NO_CONSENT_ASKED } from '../accounts/permission-names.ts';
import type { Overview, RouteView } from '../view/overview.ts';
import { routesShown } from '../view/routes.ts';
import type { Log } from './log.ts';

/** What a person can read, copy and hand on: built from fields that cannot hold a secret, and from no other. */
export interface Diagnosed {
  version: string;
  browser: string;
  granted: ReadonlySet<string>;
  overview: Overview;
  log: Log;
  now: number;
}

const NO_HOSTS = [DATA_CONSENT, NO_CONSENT_ASKED, COOKIES, HAS_CONTAINERS];

/**
 * The diagnostics as plain text: no address, no key, no name of the person's, only kinds, states, times and codes. In
 * English, as is the log: they are read by whoever mends what is broken.
 */
export function diagnostics({ version, browser, granted, overview, log, now }: Diagnosed): string {
  const hosts = Object.values(brokers).flatMap((broker) => broker.hosts.map((host) => `https://${host}/*`));
  const isAllowed = (pattern: string) => (isGranted(granted, pattern) ? 'allowed' : 'not allowed');
  const consents = [DATA_CONSENT, NO_CONSENT_ASKED].filter((one) => granted.has(one));
  return [
    `Opening Bell ${version}`,
    browser,
    `now ${iso(now)}`,
    ...hosts.map((pattern) => `${pattern} ${isAllowed(pattern)}`),
    `notifications ${overview.canNotify ? 'allowed' : 'not allowed'}, wanted ${overview.preferences.notify}; cookies ${isAllowed(COOKIES)}`,
    `${[...granted].filter((one) => !NO_HOSTS.includes(one)).length} hosts granted, ${consents.join(' ') || 'no consent to hand data on'}`,
    `${overview.dashboards.length} dashboards, ${overview.dashboards.filter((one) => one.granted).length} of them allowed`,
    `store: ${overview.store.damaged.length} damaged, lost ${overview.store.isLost}, full ${overview.store.isFull}`,
    '',
    ...overview.accounts.flatMap(routesShown).flatMap(describeRoute),
    ...log.map(({ at, event, ...fields }) => [iso(at), event, ...pairs(fields)].join(' ')),
  ].join('\n');
}

function describeRoute(route: RouteView): string[] {
  const { settings, broker, status, links, queue, destination, hosts } = route;
  const missing = hosts.filter(({ granted }) => !granted).length;
  return [
    `account ${settings.id}: ${broker}, ${settings.mode}, ${status}, ${missing} hosts missing`,
    `  redirect ${kindOf(settings.redirectUrl)}; destination ${destination ? `${destination.kind}, ${kindOf(destination.url)}, key ${destination.fingerprint ?? 'none'}` : 'none'}`,
    `  ${links?.map(({ name, state, at }) => `${name} ${state}${at === null ? '' : ` ${iso(at)}`}`).join(', ') ?? 'no login'}`,
    `  reported ${route.reportedAt === null ? 'never' : iso(route.reportedAt)}; queue ${queue ? `${queue.parked} parked, ${queue.queued + queue.running} running, ${queue.done} done, ${queue.failed} failed` : 'unknown'}`,
    '',
  ];
}

/** Where an address leads, without saying where: enough to see a wrong scheme or a loopback name. */
function kindOf(text: string): string {
  const url = parseUrl(text);
  if (!url) return 'no URL';
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return `${url.protocol}//${isHere ? url.hostname : 'elsewhere'}${url.port ? `:${url.port}` : ''}`;
}

function pairs(fields: Record<string, unknown>): string[] {
  return Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
