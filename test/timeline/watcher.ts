import type { Delivery } from '../../utils/domain/delivery/delivery.ts';
import { PROOF_LIFETIME_MS } from '../../utils/domain/session/facts.ts';
import type { AccountView, Overview } from '../../utils/domain/view/overview.ts';
import { parseJson } from '../../utils/shared/schema.ts';
import { SECOND } from '../../utils/shared/time.ts';
import type { Outgoing, SimulatedBrowser, Stores } from './browser.ts';
import type { Receiver } from './receiver.ts';

/** A login that reached the outbox. */
export interface Captured {
  id: string;
  capturedAt: number;
  expiresAt: number;
  /** True time. */
  at: number;
  token: string;
}

/** What a plain destination took. */
export interface PlainReceiver {
  taken: string[];
  /** What was answered with a 200, by whomever: nobody can tell here. */
  accepted: Set<string>;
}

const LONGEST_SLEEP_MS = 30 * SECOND;
/** A login is looked for after 0.5, 1, 2, 4 and 8 seconds; a person who presses and a second login ask as often again. */
const MOST_REQUESTS = 16;
const WATCHED_MS = 10 * SECOND;

/** Looks at everything one browser does, and says what must never happen. */
export function openWatcher(
  browser: () => SimulatedBrowser,
  { truth }: Receiver,
  plain: PlainReceiver,
  now: () => number,
  complain: (what: string) => void,
) {
  const captured = new Map<string, Captured>();
  const tokens = new Set<string>();
  const foreign = new Set<string>();
  const sentPlain = new Map<string, 'open' | 'not-taken'>();
  let provenAt: number | null = null;
  const requests: number[] = [];

  function pace(): void {
    requests.push(now());
    const before = requests.at(-MOST_REQUESTS - 1);
    if (before !== undefined && now() - before < WATCHED_MS) complain('a destination is flooded with requests');
  }

  function screen(view: Overview): void {
    const text = JSON.stringify(view);
    for (const token of [...tokens, ...foreign]) if (text.includes(token)) complain('a token is on the screen');
    for (const account of view.accounts) claims(account);
  }

  /** A link that is done, and a green status, need the receiver's own fact. */
  function claims({ links, status }: AccountView): void {
    const shown = captured.get(String(links?.[0]?.at));
    const isDone = (name: string) => links?.some((one) => one.name === name && one.state === 'done') ?? false;
    const isPlain = status === 'accepted' || links?.length === 2;
    const known: Record<string, boolean> = {
      delivered: shown !== undefined && (isPlain ? plain.accepted.has(shown.token) : truth.named.has(shown.id)),
      exchanged: shown !== undefined && truth.applied.has(shown.id),
      verified: shown !== undefined && truth.verified.has(shown.id),
      live: shown !== undefined && truth.live.has(shown.id),
    };
    // Logins are told apart by their times, and two of a clock that was set back in between cannot be.
    const isTold = captured.size < 2 || browser().skewMs() >= 0;
    for (const [name, isKnown] of isTold ? Object.entries(known) : [])
      if (isDone(name) && !isKnown) complain(`the screen says ${name}, which it is not`);
    if (status === 'live' && truth.live.size === 0) complain('the screen says live, and nothing ever was');
    if (status === 'verified' && truth.verified.size === 0) complain('the screen says verified, and nothing ever was');
    if (status === 'accepted' && plain.accepted.size === 0) complain('the screen says accepted, and nothing was');
  }

  function delivery(record: unknown) {
    const one = contentOf(record) as Delivery;
    // Chains name a login by the time of its capture.
    if (captured.has(String(one.capturedAt))) return;
    const token = [...tokens].find((text) => one.body?.includes(text));
    if (token === undefined) return complain('what was captured is no token of a login');
    captured.set(String(one.capturedAt), {
      id: one.id,
      capturedAt: one.capturedAt,
      expiresAt: one.expiresAt,
      at: now(),
      token,
    });
  }

  return {
    captured: () => [...captured.values()],
    /** A token the broker gave to this person. */
    expectToken: (token: string) => void tokens.add(token),
    /** A person pastes a token and says yes: to a plain destination that is their word to send it again. */
    expectPaste(token: string): void {
      tokens.add(token);
      sentPlain.delete(token);
    },
    /** A token that an evil page made up. */
    expectForeign: (token: string) => void foreign.add(token),
    wrote(store: keyof Stores, key: string, value: unknown) {
      if (key === 'overview') return screen(value as Overview);
      if (key.startsWith('delivery:')) delivery(value);
      if (store === 'memory' || key.startsWith('key:')) return;
      const text = (value as { json: string }).json;
      for (const token of tokens) if (text.includes(token)) complain('a token is on the disk');
    },
    sends({ body, url }: Outgoing, clock: number, isPlain: boolean): void {
      pace();
      for (const token of foreign) if (body.includes(token)) complain('a foreign token is sent');
      const token = [...tokens].find((one) => body.includes(one));
      if (token === undefined) return;
      if (!isPlain && (provenAt === null || Math.abs(clock - provenAt) > PROOF_LIFETIME_MS))
        complain(`a token is sent to ${url}, which has not proven itself`);
      if (isPlain && sentPlain.get(token) === 'open')
        complain('a one-time token is sent again after an unknown outcome');
      sentPlain.set(token, 'open');
      const lifetimes = [...captured.values()].flatMap((known) => (known.token === token ? [known.expiresAt] : []));
      if (clock >= Math.max(...lifetimes) + SECOND) complain('a token is sent after its lifetime');
    },
    /** The browser heard an answer; `isTrue` when it was the receiver's own. */
    hears({ body }: Outgoing, isTrue: boolean, status: number, clock: number): void {
      if (isTrue && status === 200) provenAt = clock;
      const token = [...tokens].find((one) => body.includes(one));
      if (token === undefined) return;
      if (status === 429) sentPlain.set(token, 'not-taken');
      if (status === 200) plain.accepted.add(token);
    },
    /** Everything that could go on has: what waits now waits for time, the network or a person. */
    settled(): void {
      const it = browser();
      if (it.isLocked()) complain('the lock is held while waiting');
      if (it.callsOut() > 1) complain('two calls to one destination at once');
      if (it.hasMovedBack() || !isPending(it.stores())) return;
      const at = it.alarmAt();
      if (at === null || at - it.clock() > LONGEST_SLEEP_MS)
        complain('work is pending and no alarm stands within 30 s');
    },
  };
}

function isPending({ memory }: Stores): boolean {
  for (const [key, value] of memory) {
    if (key.startsWith('seen:')) return true;
    if (key.startsWith('delivery:') && (contentOf(value) as Delivery).state !== 'held') return true;
  }
  return false;
}

const contents = new WeakMap<object, unknown>();

/** What a stored record holds. */
function contentOf(record: unknown): unknown {
  const known = contents.get(record as object);
  if (known !== undefined) return known;
  const read = parseJson((record as { json: string }).json) ?? {};
  contents.set(record as object, read);
  return read;
}
