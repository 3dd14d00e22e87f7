import type { SessionState } from '../../../../utils/shared/contract.ts';
import { HOUR, MINUTE, SECOND } from '../../../../utils/shared/time.ts';

/** The Next.js system calls a session in need of a refresh this long before its end. */
const REFRESH_BEFORE_MS = 15 * MINUTE;

/** Exactly the answer of `GET /api/session-manager`. */
export interface ManagerState {
  session: {
    active: boolean;
    valid: boolean;
    /** Seconds. */
    expiresIn: number;
    expiresAt: string | null;
    timeToExpiry: string;
  };
  configuration: {
    api_key: boolean;
    api_secret: boolean;
    user_id: false;
    password: false;
    session_token: boolean;
  };
  status: 'active' | 'needs_refresh';
  lastChecked: string;
}

/** `active`: there is a session that has not ended; `valid`: the broker has confirmed it as well. */
export function managerState(session: SessionState, isConfigured: boolean, now: number): ManagerState {
  const isLive = session.state === 'exchanged' || session.state === 'verified';
  const left = isLive && session.expires_at !== null ? Math.max(Date.parse(session.expires_at) - now, 0) : 0;
  return {
    session: {
      active: isLive,
      valid: session.state === 'verified',
      expiresIn: Math.floor(left / SECOND),
      expiresAt: isLive ? session.expires_at : null,
      timeToExpiry: `${Math.floor(left / HOUR)}h ${Math.floor((left % HOUR) / MINUTE)}m`,
    },
    configuration: {
      api_key: isConfigured,
      api_secret: isConfigured,
      // The person types these on the broker's own page: no variable of that name is ever read here.
      user_id: false,
      password: false,
      session_token: isLive,
    },
    status: isLive && left > REFRESH_BEFORE_MS ? 'active' : 'needs_refresh',
    lastChecked: (isLive ? (session.verified_at ?? session.exchanged_at) : null) ?? new Date(now).toISOString(),
  };
}
