import { brokers } from '../../../utils/shared/brokers/index.ts';
import { dueMoment, isSilent, type Told, type Watched, type Wishes } from '../../../utils/shared/reminders.ts';
import { istClock, SECOND } from '../../../utils/shared/time.ts';
import type { Account } from '../config/account.ts';
import { brokerOf } from '../config/account-name.ts';
import { pulseFailed } from '../log/log.ts';
import type { Parts } from '../parts.ts';
import type { Place } from '../store/tables/alert-marks.ts';
import { channelsOf } from './channels.ts';
import { type DeliverOptions, deliver } from './deliver.ts';
import type { Channel, Message } from './message.ts';
import { isFeedGone, isFeedMissing, watchedOf } from './standing.ts';
import { loginLink, titleOf } from './whose.ts';
import { type BackendKind, WORDS } from './words.ts';

const TICK_MS = 30 * SECOND;

interface ReminderParts extends Pick<Parts, 'config' | 'store' | 'log' | 'now'> {
  keeper: Pick<Parts['keeper'], 'read'>;
}

interface Due {
  kind: BackendKind;
  key: string;
  at: number | null;
}

/** Says what the session clock has to say, to every channel of the environment: of all processes one says it, once. */
export function createReminders(parts: ReminderParts, retry?: DeliverOptions) {
  const { config, store, keeper, log, now } = parts;
  const { accounts, reminding } = config;
  const { wishes, when } = reminding;
  const channels = channelsOf(config);
  const lost = new Map<Account['name'], number>();
  const ended = new AbortController();
  let ticking: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  const sending = new Map<Channel['name'], Promise<void>>();

  async function stand(account: Account): Promise<Watched & { feedLostAt: number | null }> {
    const { name } = account;
    const session = await store.sessions.state(name, now());
    const feed = (await keeper.read(name))?.state;
    const isLost = session.state === 'verified' && isFeedMissing(feed, wishes, now());
    if (!isLost) lost.delete(name);
    else if (!lost.has(name)) lost.set(name, now());
    const feedLostAt = lost.get(name) ?? null;
    const rule = brokers[brokerOf(account.name)].session;
    return { ...watchedOf({ session, feed, rule, calendar: wishes, feedLostAt }, now()), feedLostAt };
  }

  async function look(account: Account): Promise<void> {
    const { name } = account;
    const watched = await stand(account);
    const told = await store.marks.told(name);
    const due = dueMoment(watched, told, wishes, now()) ?? feedGone(watched, told, wishes, now());
    if (due === null) return;
    const place = await placeOf(name, due, told.at(-1)?.place);
    if (!(await store.marks.remind(name, due, place, now()))) return;
    log({ event: 'reminder.due', account: name, kind: due.kind, place });
    if (place === 'elsewhere') tell(messageOf(account, due));
  }

  /** A good end goes where its trouble was said; anything else to the screen, where one is open. */
  async function placeOf(name: Account['name'], { kind }: Due, last: Place | undefined): Promise<Place> {
    if (when === 'always') return 'elsewhere';
    if (kind === 'green') return last ?? 'elsewhere';
    return kind !== 'feed-gone' && (await store.marks.isOpen(name, now())) ? 'screen' : 'elsewhere';
  }

  function messageOf(account: Account, { kind, at }: Due): Message {
    const { title, text } = WORDS[kind];
    const link = loginLink(config, account);
    return { kind, account: account.name, at: now(), title: `${titleOf(account)}: ${title}`, text: text(at), link };
  }

  /** By each channel one message after the other: eight accounts at once are no flood. */
  function tell(message: Message): void {
    for (const channel of channels.filter(({ takes }) => takes(message.kind)))
      sending.set(
        channel.name,
        (sending.get(channel.name) ?? Promise.resolve()).then(() => send(channel, message)),
      );
  }

  async function send(channel: Channel, message: Message): Promise<void> {
    if (ended.signal.aborted) return;
    const sent = await deliver(() => channel.send(message), { ...retry, signal: ended.signal });
    const about = { account: message.account, kind: message.kind, channel: channel.name };
    log(sent.ok ? { event: 'reminder.sent', ...about } : { event: 'reminder.not_sent', ...about, why: sent.why });
  }

  async function round(): Promise<void> {
    for (const account of accounts) await look(account);
  }

  /** Looks at the clock once; one look at a time. A store that is away for a moment: the next tick looks again. */
  function tick(): Promise<void> {
    looking = looking.then(round).catch(pulseFailed(log));
    return looking;
  }

  return {
    tick,
    /** Once all that was said has arrived or been given up. */
    settled: async () => void (await Promise.all(sending.values())),
    start(): void {
      if (channels.length === 0) return;
      ticking = setInterval(() => void tick(), TICK_MS).unref();
      void tick();
    },
    async stop(): Promise<void> {
      clearInterval(ticking);
      ended.abort();
      await looking;
    },
  };
}

/** Once a session and day: the extension says it in its popup alone. */
function feedGone(
  watched: Watched & { feedLostAt: number | null },
  told: readonly Told[],
  wishes: Wishes,
  now: number,
): Due | null {
  if (watched.term === null || !isFeedGone(watched.feedLostAt, now) || isSilent(wishes, now)) return null;
  const key = `feed-gone:${watched.term.key} ${istClock(now).date}`;
  return told.some((one) => one.key === key) ? null : { kind: 'feed-gone', key, at: null };
}
