import type { BrokerId } from './contract.ts';
import type { PlainDestination } from './settings.ts';

type Filled = Pick<
  PlainDestination,
  'method' | 'format' | 'field' | 'extra' | 'authorization' | 'success' | 'login' | 'redirect'
>;

/** A known system's update endpoint, as it wants to be called. */
export interface Preset {
  id: string;
  name: string;
  broker: BrokerId;
  path: string;
  fills: Filled;
}

const NO_KEY = { kind: 'none' } as const;

/** The systems that people have had before: what each one's own page sends, and what it answers. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'django-breeze',
    name: 'Django with Breeze: its update form, with your login there',
    broker: 'icici',
    path: '/trigger/update-breeze-session/',
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
    name: 'Next.js with Breeze: its session manager',
    broker: 'icici',
    path: '/api/session-manager',
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
    name: 'FastAPI with Kite: its own callback',
    broker: 'zerodha',
    path: '/api/auth/callback',
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
];
