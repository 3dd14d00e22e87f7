import { IsoDay } from '../../../utils/shared/calendar.ts';
import type { ClockTime } from '../../../utils/shared/clock-time.ts';
import { MARKET_IDS, usualClose } from '../../../utils/shared/market.ts';
import { isQuietAt, type Wishes } from '../../../utils/shared/reminders.ts';
import { z } from '../../../utils/shared/schema.ts';
import { formatClock, minutesOf, readClock } from '../../../utils/shared/time.ts';
import { DestinationUrl } from '../../../utils/shared/urls.ts';
import type { ToldProblem } from './problems.ts';

const Clock = z.string().check(z.refine((text) => readClock(text) !== null, 'must be a time in India, like 08:45'));
const Quiet = z
  .string()
  .check(z.refine((text) => text === 'off' || quietOf(text) !== null, 'must be two times, like 22:00-07:00, or off'));
const Days = z.string().check(
  z.refine((text) => daysOf(text).every(isDay), 'must list days, such as 2027-01-26, divided by commas'),
  z.refine((text) => daysOf(text).length <= 400, 'must be at most 400 days'),
);
const MailServer = z.string().check(
  z.refine(isMailServer, 'must be like smtps://user:password@mail.example.net:465, or smtp:// on port 587'),
  z.refine(
    (text) => !isMailServer(text) || isWhole(new URL(text)),
    'has a sign in its user or password that is written otherwise in an address: %23 for #, %2F for /, %3F for ?, %25 for %',
  ),
);
const Topic = DestinationUrl.check(
  z.refine(
    (text) => !URL.canParse(text) || new URL(text).pathname.length > 1,
    'must end in a topic, like https://ntfy.sh/my-topic',
  ),
);
// What stands in a header or an address must not break out of it.
const Plain = z.string().check(z.regex(/^[\x21-\x7e]{1,200}$/, 'must be up to 200 letters, digits and signs'));
const Address = z.string().check(z.regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'must be one e-mail address'));

/** The variables of the reminders. */
export const ReminderSettings = z.object({
  REMIND_AT: z._default(Clock, '08:45'),
  REMIND_QUIET: z._default(Quiet, '22:00-07:00'),
  REMIND_MARKET: z._default(z.enum(MARKET_IDS), 'nse-fo'),
  REMIND_HOLIDAYS: z._default(Days, ''),
  REMIND_WHEN: z._default(z.enum(['browser-closed', 'always']), 'browser-closed'),
  REMIND_NTFY_URL: z.optional(Topic),
  REMIND_NTFY_TOKEN: z.optional(Plain),
  REMIND_TELEGRAM_TOKEN: z.optional(
    z.string().check(z.regex(/^\d+:[\w-]{20,100}$/, 'must be the token that @BotFather gave, like 123456:ABC…')),
  ),
  REMIND_TELEGRAM_CHAT: z.optional(Plain),
  REMIND_TELEGRAM_URL: z._default(DestinationUrl, 'https://api.telegram.org'),
  REMIND_SLACK_URL: z.optional(DestinationUrl),
  REMIND_MAIL_SERVER: z.optional(MailServer),
  REMIND_MAIL_FROM: z.optional(Address),
  REMIND_MAIL_TO: z.optional(Address),
});
type ReminderSettings = z.infer<typeof ReminderSettings>;

/** When and where to remind. */
export interface Reminding {
  wishes: Wishes;
  /** `browser-closed`: what an open extension says on its screen is not said elsewhere. */
  when: ReminderSettings['REMIND_WHEN'];
  ntfy: { url: string; token: string | null } | null;
  telegram: { url: string; token: string; chat: string } | null;
  slack: string | null;
  mail: { server: string; from: string; to: string } | null;
}

/** What belongs together, and is not there together; and hours in which nothing could ever be said. */
export function reminderProblems(given: ReminderSettings): ToldProblem[] {
  const missing = TOGETHER.flatMap((names) => {
    const set = names.find((name) => given[name] !== undefined);
    if (set === undefined) return [];
    return names
      .filter((name) => given[name] === undefined)
      .map((field) => ({ field, message: `is missing, since ${set} is set` }));
  });
  const isTokenAlone = given.REMIND_NTFY_TOKEN !== undefined && given.REMIND_NTFY_URL === undefined;
  const alone = { field: 'REMIND_NTFY_URL', message: 'is missing, since REMIND_NTFY_TOKEN is set' };
  return [...missing, ...(isTokenAlone ? [alone] : []), ...silence(remindingOf(given).wishes)];
}

/** A morning's reminder comes between its time and the market's close, outside quiet hours: someone set them the wrong way round. */
function silence({ morning, quiet, market }: Wishes): ToldProblem[] {
  const close = usualClose(market);
  const from = minutesOf(morning);
  if (from >= close)
    return [
      { field: 'REMIND_AT', message: `must be before ${clockOf(close)}, when the market of REMIND_MARKET closes` },
    ];
  const isHeard = Array.from({ length: close - from }, (_none, minute) => from + minute).some(
    (minute) => !isQuietAt(quiet, minute),
  );
  if (isHeard) return [];
  const message = `leaves no minute between REMIND_AT and ${clockOf(close)}, when the market closes: the first time is where the quiet begins`;
  return [{ field: 'REMIND_QUIET', message }];
}

const clockOf = (minutes: number) => formatClock({ hour: Math.floor(minutes / 60), minute: minutes % 60 });

const TOGETHER = [
  ['REMIND_TELEGRAM_TOKEN', 'REMIND_TELEGRAM_CHAT'],
  ['REMIND_MAIL_SERVER', 'REMIND_MAIL_FROM', 'REMIND_MAIL_TO'],
] as const;

export function remindingOf(given: ReminderSettings): Reminding {
  const { REMIND_TELEGRAM_TOKEN: token, REMIND_TELEGRAM_CHAT: chat } = given;
  const { REMIND_MAIL_SERVER: server, REMIND_MAIL_FROM: from, REMIND_MAIL_TO: to } = given;
  const url = given.REMIND_NTFY_URL;
  const days = daysOf(given.REMIND_HOLIDAYS);
  return {
    wishes: {
      morning: readClock(given.REMIND_AT) ?? DEFAULT_MORNING,
      quiet: quietOf(given.REMIND_QUIET),
      market: given.REMIND_MARKET,
      own: { days: days.map((date) => ({ date, kind: 'holiday', name: '', hours: null })), through: null },
    },
    when: given.REMIND_WHEN,
    ntfy: url === undefined ? null : { url, token: given.REMIND_NTFY_TOKEN ?? null },
    telegram: token && chat ? { url: given.REMIND_TELEGRAM_URL, token, chat } : null,
    slack: given.REMIND_SLACK_URL ?? null,
    mail: server && from && to ? { server, from, to } : null,
  };
}

const DEFAULT_MORNING: ClockTime = { hour: 8, minute: 45 };

function quietOf(text: string): Wishes['quiet'] {
  const [from, to, ...more] = text.split('-').map(readClock);
  const isSame = from?.hour === to?.hour && from?.minute === to?.minute;
  return from && to && more.length === 0 && !isSame ? { from, to } : null;
}

function daysOf(text: string): string[] {
  return text
    .split(',')
    .map((day) => day.trim())
    .filter((day) => day !== '');
}

function isDay(text: string): boolean {
  return z.safeParse(IsoDay, text).success;
}

/** A sign of an address in a password ends the address early, so that another server would be asked. */
function isWhole({ pathname, search, hash, username, password }: URL): boolean {
  return ['', '/'].includes(pathname) && search === '' && hash === '' && !/%(?![0-9a-f]{2})/i.test(username + password);
}

function isMailServer(text: string): boolean {
  return /^smtps?:\/\//.test(text) && URL.canParse(text) && new URL(text).hostname !== '';
}
