import type { BrokerId } from './contract.ts';
import type { PlainDestination } from './settings.ts';
import { keyOf, say } from './words.ts';

type Filled = Pick<
  PlainDestination,
  'method' | 'format' | 'field' | 'extra' | 'authorization' | 'success' | 'login' | 'redirect'
>;

/** A known system's update endpoint, as it wants to be called. */
export interface Preset {
  id: 'django-breeze' | 'session-manager' | 'kite-callback';
  broker: BrokerId;
  path: string;
  fills: Filled;
}

const NO_KEY = { kind: 'none' } as const;

/** The systems that people have had before: what each one's own page sends, and what it answers. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'django-breeze',
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

export function presetName({ id }: Preset): string {
  return say(`preset_${keyOf(id)}`);
}
