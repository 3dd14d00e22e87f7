import type { BrokerId } from '../../shared/contract.ts';
import { parseUrl } from '../../shared/urls.ts';
import { keyOf, say } from '../base/words.ts';
import type { Account, Destination, PlainDestination, StatusPage } from './settings.ts';

// 2026-08, https://github.com/marketcalls/openalgo
export const SESSION_STATUS = '/auth/session-status';

type Filled = Pick<
  PlainDestination,
  'method' | 'format' | 'field' | 'extra' | 'authorization' | 'success' | 'login' | 'redirect'
>;

/** A known system's update endpoint, as it wants to be called. */
export interface Preset {
  id: 'django-breeze' | 'session-manager' | 'kite-callback' | 'openalgo';
  /** Null where it takes the logins of several. */
  broker: BrokerId | null;
  path: string;
  /** Where it tells how its session stands; null where its own description names no such page. */
  status: { kind: 'session-manager' | 'openalgo'; path: string } | null;
  fills: Filled;
}

const NO_KEY = { kind: 'none' } as const;

/** The systems that people have had before: what each one's own page sends, and what it answers. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'django-breeze',
    broker: 'icici',
    path: '/trigger/update-breeze-session/',
    status: null,
    fills: {
      method: 'POST',
      format: 'form',
      field: 'session_token',
      extra: {},
      authorization: NO_KEY,
      success: { path: 'success', equals: 'true' },
      login: 'cookie',
      redirect: 'failure',
    },
  },
  {
    id: 'session-manager',
    broker: 'icici',
    path: '/api/session-manager',
    status: { kind: 'session-manager', path: '/api/session-manager' },
    fills: {
      method: 'POST',
      format: 'json',
      field: 'sessionToken',
      extra: { action: 'update' },
      authorization: NO_KEY,
      success: null,
      login: 'none',
      redirect: 'failure',
    },
  },
  {
    id: 'kite-callback',
    broker: 'zerodha',
    path: '/api/auth/callback',
    status: null,
    fills: {
      method: 'GET',
      format: 'query',
      field: 'request_token',
      extra: { action: 'login', type: 'login', status: 'success' },
      authorization: NO_KEY,
      success: null,
      login: 'none',
      redirect: 'taken',
    },
  },
  {
    id: 'openalgo',
    broker: null,
    path: '/',
    status: { kind: 'openalgo', path: SESSION_STATUS },
    // Nothing is ever sent to it.
    fills: {
      method: 'GET',
      format: 'query',
      field: 'code',
      extra: {},
      authorization: NO_KEY,
      success: null,
      login: 'none',
      redirect: 'failure',
    },
  },
];

export function presetName({ id }: Preset): string {
  return say(`preset_${keyOf(id)}`);
}

/** A preset as a destination at the host of the address that was entered, its status page beside it. */
export function filledFor({ path, status, fills }: Preset, entered: string) {
  const origin = originOf(entered) ?? (status?.kind === 'openalgo' ? 'http://127.0.0.1:5000' : 'http://127.0.0.1:8000');
  return { ...fills, url: origin + path, status: status && { kind: status.kind, url: origin + status.path } };
}

/** A status page after the address was changed: it has to be at the same host, so it goes along. */
export function movedTo<Page extends StatusPage>(page: Page, address: string): Page {
  const [origin, from] = [originOf(address), parseUrl(page.url)];
  return origin && from ? { ...page, url: origin + from.pathname + from.search } : page;
}

/** Null also for what has no origin of its own, as an address has while it is typed. */
function originOf(address: string): string | null {
  const origin = parseUrl(address)?.origin ?? 'null';
  return origin === 'null' ? null : origin;
}

/** True for an OpenAlgo: its own callback takes each login, so nothing is ever sent to it. */
export function isOpenAlgo(destination: Pick<Destination, 'kind'> & { status?: StatusPage | null }): boolean {
  return destination.kind === 'plain' && destination.status?.kind === 'openalgo';
}

/** Why an account cannot have an OpenAlgo, as a message's name; null where it can. */
export function whyNoOpenAlgo({
  broker,
  mode,
}: Pick<Account, 'broker' | 'mode'>): 'problem_app_broker' | 'problem_app_mode' | null {
  // 2026-08: it has no ICICI Direct among its brokers.
  if (broker === 'icici') return 'problem_app_broker';
  return mode === 'observe' ? null : 'problem_app_mode';
}
