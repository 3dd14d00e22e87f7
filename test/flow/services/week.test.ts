import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CLOCK, DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import type { LogEntry } from '../../../utils/domain/records/log.ts';
import { pressNotification, pressNotificationButton } from '../../../utils/services/inbound/notifications.ts';
import { backOnline } from '../../../utils/services/inbound/online.ts';
import { readLog } from '../../../utils/services/store/log.ts';
import type { SessionReport, SessionState } from '../../../utils/shared/contract.ts';
import { nextIst } from '../../../utils/shared/time.ts';
import { openDestination, type Sent, type TestDestination } from '../../support/backend/destination.ts';
import { cleanUp, command, logInWith, pair, shownAccount } from '../../support/browsers/extension.ts';
import { startDays } from '../../support/samples/day.ts';
import { iso } from '../../support/samples/samples.ts';

let backend: TestDestination;
let days: ReturnType<typeof startDays>;
/** What the backend does differently from a good day. */
let broker: { away: boolean; source: string; session: Partial<SessionState> };

beforeEach(async () => {
  backend = await openDestination();
  broker = { away: false, source: 'kite', session: {} };
  const told = (sent: Sent): Sent => {
    const body = JSON.parse(sent.body) as SessionReport;
    const session = { ...body.session, ...(body.session.state === 'none' ? {} : broker.session) };
    return {
      ...sent,
      body: JSON.stringify({ ...body, session, feed: body.feed && { ...body.feed, source: broker.source } }),
    };
  };
  backend.answerTokens((_, usual) => {
    broker.session = { expires_at: iso(nextIst(6, 0, Date.now())) };
    return told(usual());
  });
  backend.answerChecks((_, usual) => (broker.away ? 'drop' : told(usual())));
});
afterEach(async () => {
  days.end();
  await cleanUp();
  await chrome.permissions.remove({ permissions: ['notifications'] });
  await backend.close();
});

async function setUp(from: string): Promise<{ account: string; logIn(): Promise<void> }> {
  days = startDays(from);
  await chrome.permissions.request({ permissions: ['notifications'] });
  const account = await pair(backend);
  await command({ type: 'set-clock', account, clock: DEFAULT_CLOCK });
  await command({ type: 'save-preferences', preferences: { ...DEFAULT_PREFERENCES, notify: true } });
  await days.settle();
  let logins = 0;
  const logIn = async () => {
    days.say('the person logs in');
    await logInWith(account, `TokenOfKiteWith32LettersAndDig${String(logins++).padStart(2, '0')}`);
    await days.settle();
  };
  return { account, logIn };
}

const checks = () => backend.received.filter(({ body }) => body.includes('session.check')).length;

/** `?` is a digit that the jitter of the checks decides. */
const WEEK = `
11-19 18:00 ! log in
11-20 08:45 ✉ Zerodha: log in. There is no session yet today.
11-20 09:40 the person logs in
11-20 09:40 … delivering
11-20 09:40 ✓ verified
11-20 09:40 ✉ Zerodha: live. Verified at 09:40.
11-20 09:40 ✓ live
11-20 11:00 the backend stops
11-20 11:0? ⌀ unreachable
11-20 11:20 the backend runs again
11-20 11:2? ✓ live
11-20 13:00 the broker ends the session
11-20 13:0? ✕ rejected
11-20 13:0? ✉ Zerodha: session rejected. The broker ended the session. Log in again.
11-20 13:10 the person presses Snooze
11-20 13:20 ✉ Zerodha: session rejected. The broker ended the session. Log in again.
11-20 13:30 the person logs in
11-20 13:30 … delivering
11-20 13:30 ✓ verified
11-20 13:30 ✉ Zerodha: live. Verified at 13:30.
11-20 13:30 ✓ live
11-20 14:30 a stand-in serves the prices
11-20 14:3? ✉ Zerodha: stand-in prices. Your backend serves prices that are not the broker’s.
11-20 14:40 the broker’s prices are back
11-20 14:4? ✉ Zerodha: live. Verified at 13:30.
11-21 06:00 ! expired
11-21 12:00 the computer is off for the weekend
11-23 08:45 ✉ Zerodha: log in. The session ended at 06:00.
11-23 08:50 the person logs in
11-23 08:50 … delivering
11-23 08:50 ✓ verified
11-23 08:50 ✉ Zerodha: live. Verified at 08:50.
11-23 08:50 ✓ live
11-23 10:00 the holiday is slept through, and half of Wednesday’s morning
11-25 10:30 ! expired
11-25 10:30 ✉ Zerodha: log in. The session ended at 06:00.
11-25 10:30 the person presses Not today
11-26 06:50 the person logs in
11-26 06:50 … delivering
11-26 06:50 ~ in doubt
11-26 07:40 the backend asked the broker again
11-26 07:4? ✓ live
11-26 12:00 the clock is set back a day
11-25 12:00 ? unverified
11-25 12:00 ✓ live
11-25 12:20 the clock is set right
11-26 12:25 ? unverified
11-26 12:25 ✓ live`;

/** The first line in which a story differs from what was expected, or nothing. */
function unlike(story: string[], expected: string): string[] {
  const lines = expected.trim().split('\n');
  const isLike = (line: string, at: number) => {
    const [, stamp = '', rest] = /^(\S+ \S+) (.*)$/.exec(lines[at] ?? '') ?? [];
    return new RegExp(`^${stamp.replaceAll('?', '\\d')}$`).test(line.slice(0, 11)) && line.slice(12) === rest;
  };
  const wrong = story.findIndex((line, at) => !isLike(line, at));
  if (wrong === -1 && story.length === lines.length) return [];
  return [`line ${wrong}`, ...story.slice(Math.max(wrong - 2, 0), wrong + 3), 'instead of', lines[wrong] ?? 'nothing'];
}

describe('a trading week', () => {
  it('says what is due when it is due, once, and nothing else', async () => {
    const { account, logIn } = await setUp('2026-11-19 18:00');
    await days.to('2026-11-20 09:40');
    await logIn();
    await days.to('2026-11-20 11:00');
    days.say('the backend stops');
    broker.away = true;
    await days.to('2026-11-20 11:20');
    days.say('the backend runs again');
    broker.away = false;
    await days.to('2026-11-20 13:00');
    days.say('the broker ends the session');
    broker.session = { ...broker.session, state: 'rejected' };
    await days.to('2026-11-20 13:10');
    days.say('the person presses Snooze');
    await pressNotificationButton(account, 0);
    await days.to('2026-11-20 13:30');
    await logIn();
    await days.to('2026-11-20 14:30');
    days.say('a stand-in serves the prices');
    broker.source = 'yahoo';
    await days.to('2026-11-20 14:40');
    days.say('the broker’s prices are back');
    broker.source = 'kite';
    await days.to('2026-11-20 15:00');
    await days.to('2026-11-21 12:00');
    days.say('the computer is off for the weekend');
    await days.sleepTo('2026-11-23 08:30');
    await days.to('2026-11-23 08:50');
    await logIn();
    await days.to('2026-11-23 10:00');
    days.say('the holiday is slept through, and half of Wednesday’s morning');
    await days.sleepTo('2026-11-25 10:30');
    days.say('the person presses Not today');
    await pressNotificationButton(account, 1);
    await days.to('2026-11-25 12:00');
    await days.to('2026-11-26 06:50');
    await logIn();
    await days.to('2026-11-26 07:40');
    days.say('the backend asked the broker again');
    broker.session = { ...broker.session, verified_at: iso(Date.now()) };
    await days.to('2026-11-26 12:00');
    days.say('the clock is set back a day');
    await days.setClock('2026-11-25 12:00');
    await days.to('2026-11-25 12:20');
    days.say('the clock is set right');
    await days.setClock('2026-11-26 12:25');
    await days.to('2026-11-26 12:30');
    expect(unlike(days.story, WEEK)).toEqual([]);
    const logged = await readLog();
    const times = (event: LogEntry['event']) => logged.filter((one) => one.event === event).length;
    expect(times('reminder')).toBe(days.story.filter((line) => line.includes('✉')).length);
    expect(logged.flatMap((one) => (one.event === 'silenced' ? [one.how] : []))).toEqual(['snoozed', 'not-today']);
    expect(times('clock-changed')).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(logged)).not.toContain('TokenOfKite');
  });
});

describe('at rest', () => {
  it('the background is woken no more often than the health interval needs (REL-06)', async () => {
    const { logIn } = await setUp('2026-11-20 09:20');
    await logIn();
    await days.to('2026-11-20 10:00');
    const [wakings, asked] = [days.wakings(), checks()];
    await days.to('2026-11-20 13:00');
    expect(days.wakings() - wakings).toBeLessThanOrEqual(36);
    expect(checks() - asked).toBe(days.wakings() - wakings);
    expect(checks() - asked).toBeGreaterThanOrEqual(32);
  });
});

describe('a notification', () => {
  it('that is clicked logs in', async () => {
    const { account } = await setUp('2026-11-19 18:00');
    await days.to('2026-11-20 08:46');
    await pressNotification(account);
    const tabs = await chrome.tabs.query({});
    expect(tabs.at(-1)?.url).toContain('https://kite.zerodha.com/connect/login');
  });
});

describe('a network that comes back (REL-05)', () => {
  it('ends the waiting: what only waited for it goes at once', async () => {
    const { account } = await setUp('2026-11-20 10:00');
    backend.answerTokens(() => 'drop');
    await logInWith(account, 'TokenOfKiteWith32LettersAndDigit');
    await days.settle();
    const tried = backend.tokens().length;
    backend.answerTokens((_, usual) => usual());
    await days.settle();
    expect(backend.tokens()).toHaveLength(tried);
    await backOnline();
    expect(backend.tokens()).toHaveLength(tried + 1);
    await shownAccount(account, ({ status }) => status === 'live' || status === 'verified');
  });
});
