import { type DestinationStream, pino } from 'pino';
import type { LogLevel } from '../config/settings.ts';
import { isOfFlood, type Log, type LogEvent } from './log.ts';

/** Whatever is not named here is worth a line, and nobody's attention. */
const LEVELS: Partial<Record<LogEvent['event'], 'debug' | 'warn' | 'error'>> = {
  'account.left_out': 'error',
  'admin.refused': 'warn',
  alert: 'warn',
  'alert.not_sent': 'warn',
  'backend.exposed': 'warn',
  'broker.called': 'debug',
  'delivery.interrupted': 'warn',
  'session.refused': 'warn',
  'session.not_verified_yet': 'warn',
  'session.rejected': 'warn',
  'session.unreadable': 'error',
  'fallback.on': 'warn',
  'feed.down': 'warn',
  'feed.stopped': 'error',
  'reminder.not_sent': 'warn',
  'request.failed': 'error',
};

/** The second lock: the types admit none of these, and should one slip in all the same, its value is not written. */
const SECRET_FIELDS = ['token', 'access_token', 'accessToken', 'apisession', 'request_token', 'secret', 'api_secret'];
const REDACTED = [...SECRET_FIELDS, 'apiSecret', 'key', 'password', 'cookie', 'authorization'];

export interface LogOutput {
  level: LogLevel;
  /** A person reads along: one readable line an event instead of JSON. */
  isTerminal: boolean;
  write(line: string): void;
}

/** Writes events as JSON lines, `{"level":"info","time":"…","event":"session.applied",…}`, or readable in a terminal. */
export function createLog({ level, isTerminal, write }: LogOutput): Log {
  const destination: DestinationStream = { write: isTerminal ? (line) => write(readable(line)) : write };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED.flatMap((field) => [field, `*.${field}`]), censor: '****' },
    },
    destination,
  );
  return (event) => logger[isOfFlood(event) ? 'debug' : (LEVELS[event.event] ?? 'info')](event);
}

/** `2026-11-21T03:20:00.000Z session.applied account=zerodha generation=3 ms=120`, with the level where it is not info. */
function readable(line: string): string {
  const { level, time, event, ...fields }: Record<string, unknown> = JSON.parse(line);
  const loud = level === 'info' ? [] : [String(level).toUpperCase()];
  const words = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  return `${[time, ...loud, event, ...words].join(' ')}\n`;
}
