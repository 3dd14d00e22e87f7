import { check } from '../../utils/domain/base/check.ts';
import {
  type Answer,
  deliveryId,
  deliveryText,
  HEADER,
  MAX_CLOCK_SKEW_MS,
  REFUSAL_STATUS,
  type RefusalReason,
  Request,
  type SessionCaptured,
  type SessionCheck,
  type SessionState,
  signedText,
} from '../../utils/shared/contract.ts';
import { parseJson } from '../../utils/shared/schema.ts';
import { HOUR, SECOND } from '../../utils/shared/time.ts';
import type { Agenda } from './agenda.ts';
import type { Incoming, Outgoing } from './browser.ts';
import { mac } from './mac.ts';

/** What goes wrong at the receiver while it handles a request. */
export type Mishap = 'crash-before' | 'crash-during' | 'crash-after' | 'broker-busy' | 'broker-down';

/** The journal of deliveries: what the receiver knows of a delivery id, kept through a crash. */
interface Entry {
  state: 'running' | 'applied' | Final;
  kind: SessionCaptured['token']['kind'];
  capturedAt: number;
}
type Final = Extract<RefusalReason, 'token_spent'>;

interface Session {
  delivery: string;
  capturedAt: number;
  exchangedAt: number;
  verifiedAt: number | null;
  firstTickAt: number | null;
  expiresAt: number;
}

/** How long a token lives at the broker: longer than we promise, as the broker's "few minutes" are. */
const BROKER_LIFETIME_MS = 180 * SECOND;
const DOWN_MS = 3 * SECOND;
const LOOK_MS = 50;
const SESSION_MS = 8 * HOUR;

export type Receiver = ReturnType<typeof openReceiver>;

/** A receiver that keeps the delivery contract, with a broker behind it, and all that ever was true of it. `holds`: it names check.wait. */
export function openReceiver(agenda: Agenda, secret: string, say: (what: string) => void, holds = false) {
  const key = secret.slice('whsec_'.length);
  const journal = new Map<string, Entry>();
  let session: Session | null = null;
  let life = 0;
  let isDown = false;
  const issued = new Map<string, number>();
  /** What screens may rely on, by delivery id; it never becomes untrue. */
  const truth = {
    named: new Set<string>(),
    verified: new Set<string>(),
    live: new Set<string>(),
    /** How often a delivery made a session. */
    applied: new Map<string, number>(),
    /** How often the broker was shown a token that it had taken before. */
    spentTwice: [] as string[],
    refused: new Map<string, RefusalReason>(),
  };
  const taken = new Set<string>();

  const sign = (text: string) => `v1,${mac(key, text).toString('base64')}`;
  const iso = (at: number) => new Date(at).toISOString();

  function sessionState(): SessionState {
    if (!session)
      return { state: 'none', delivery: null, user: null, exchanged_at: null, verified_at: null, expires_at: null };
    const { delivery, exchangedAt, verifiedAt, expiresAt } = session;
    const isOver = expiresAt <= agenda.now();
    return {
      state: isOver ? 'expired' : verifiedAt === null ? 'exchanged' : 'verified',
      delivery,
      user: 'AB****',
      exchanged_at: iso(exchangedAt),
      verified_at: verifiedAt === null ? null : iso(verifiedAt),
      expires_at: iso(expiresAt),
    };
  }

  function signed(answer: Answer, retryAfter?: number): Incoming {
    const body = JSON.stringify(answer);
    const at = String(Math.floor(agenda.now() / SECOND));
    const headers = {
      [HEADER.id]: answer.id,
      [HEADER.timestamp]: at,
      [HEADER.signature]: sign(signedText(answer.id, at, body)),
      'content-type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    };
    return { status: answer.type === 'session.refused' ? REFUSAL_STATUS[answer.reason] : 200, headers, body };
  }

  function refuse(id: string, reason: RefusalReason, retryAfter?: number): Incoming {
    truth.refused.set(id, reason);
    return signed({ type: 'session.refused', id, reason, server_time: iso(agenda.now()) }, retryAfter);
  }

  const applied = (id: string, status: 'applied' | 'replayed') =>
    signed({ type: 'session.applied', id, status, server_time: iso(agenda.now()), session: sessionState() });

  function crash(): void {
    say('receiver crashes');
    life += 1;
    isDown = true;
    agenda.at(agenda.now() + DOWN_MS, () => {
      say('receiver is back');
      isDown = false;
      for (const [id, entry] of journal) {
        if (entry.state !== 'running') continue;
        // Whether the broker saw it cannot be known: a one-time token is spent, a day token may come again.
        if (entry.kind === 'one-time') journal.set(id, { ...entry, state: 'token_spent' });
        else journal.delete(id);
      }
      if (session && session.verifiedAt === null) verify(session);
    });
  }

  /** What the receiver does later, unless it crashed meanwhile. */
  function later(ms: number, what: () => void): void {
    const mine = life;
    agenda.at(agenda.now() + ms, () => {
      if (mine === life) what();
    });
  }

  function verify(one: Session): void {
    later(200, () => {
      one.verifiedAt = agenda.now();
      truth.verified.add(one.delivery);
      later(300, () => {
        one.firstTickAt = agenda.now();
        truth.live.add(one.delivery);
      });
    });
  }

  function exchange(id: string, message: SessionCaptured, mishap: Mishap | null, answer: Reply) {
    const { kind, value } = message.token;
    const capturedAt = Date.parse(message.captured_at);
    if (mishap === 'crash-before') return answerNothing(answer);
    journal.set(id, { state: 'running', kind, capturedAt });
    later(20, () => {
      if (mishap === 'broker-busy' || mishap === 'broker-down') {
        journal.delete(id);
        return answer(mishap === 'broker-busy' ? refuse(id, 'rate_limited', 10) : refuse(id, 'unavailable', 5));
      }
      const isKnown = (issued.get(value) ?? 0) + BROKER_LIFETIME_MS > agenda.now();
      if (kind === 'one-time' && taken.has(value)) truth.spentTwice.push(value);
      const isGood = kind === 'day' || (isKnown && !taken.has(value));
      taken.add(value);
      if (mishap === 'crash-during') return answerNothing(answer);
      later(10, () => {
        if (!isGood) {
          journal.set(id, { state: 'token_spent', kind, capturedAt });
          return answer(refuse(id, 'token_spent'));
        }
        journal.set(id, { state: 'applied', kind, capturedAt });
        truth.applied.set(id, (truth.applied.get(id) ?? 0) + 1);
        const now = agenda.now();
        session = {
          delivery: id,
          capturedAt,
          exchangedAt: now,
          verifiedAt: null,
          firstTickAt: null,
          expiresAt: now + SESSION_MS,
        };
        say(`applied ${id.slice(0, 8)}`);
        if (mishap === 'crash-after') return answerNothing(answer);
        verify(session);
        answer(applied(id, 'applied'));
      });
    });
  }

  function answerNothing(answer: Reply): void {
    crash();
    answer(null);
  }

  function captured(id: string, message: SessionCaptured, mishap: Mishap | null, answer: Reply) {
    const { account, broker, token } = message;
    if (deliveryId(mac(key, deliveryText(account, broker, token.value))) !== id)
      return answer(refuse(id, 'bad_request'));
    truth.named.add(id);
    const capturedAt = Date.parse(message.captured_at);
    if (capturedAt > agenda.now() + MAX_CLOCK_SKEW_MS) return answer(refuse(id, 'bad_request'));
    const known = journal.get(id);
    const isNewLogin =
      known?.kind === 'day' && known.state !== 'running' && capturedAt > known.capturedAt && !isAlive(session);
    if (known && !isNewLogin) {
      if (known.state === 'running') return answer(refuse(id, 'in_progress', 1));
      return answer(known.state === 'applied' ? applied(id, 'replayed') : refuse(id, known.state));
    }
    if (session && capturedAt < session.capturedAt) return answer(refuse(id, 'superseded'));
    exchange(id, message, mishap, answer);
  }

  const isAlive = (one: Session | null) => one !== null && one.expiresAt > agenda.now();

  return {
    truth,
    isDown: () => isDown,
    session: () => session && { ...session, isAlive: isAlive(session) },
    hasIssued: (token: string) => issued.has(token),
    /** The broker hands a token out. */
    issue: (token: string) => void issued.set(token, agenda.now()),
    receive({ headers, body }: Outgoing, mishap: Mishap | null, answer: Reply) {
      if (isDown) return answer(null);
      const id = headers[HEADER.id] ?? '';
      const at = headers[HEADER.timestamp] ?? '';
      if (headers[HEADER.signature] !== sign(signedText(id, at, body))) return answer(refuse(id, 'bad_signature'));
      if (Math.abs(Number(at) * SECOND - agenda.now()) > MAX_CLOCK_SKEW_MS)
        return answer(refuse(id, 'stale_timestamp'));
      const message = check(Request, parseJson(body));
      if (!message.ok) return answer(refuse(id, 'bad_request'));
      if (message.value.type === 'session.captured') return captured(id, message.value, mishap, answer);
      const { account, type } = message.value;
      const wait = type === 'session.check' ? message.value.wait : undefined;
      hold(wait, answer, (waited_ms) => answer(report(id, account, waited_ms)));
    },
  };

  /** Answers as soon as there is another revision than the one that is known, or the time is over. */
  function hold(wait: SessionCheck['wait'], answer: Reply, tell: (waitedMs?: number) => void): void {
    const since = agenda.now();
    const mine = life;
    const look = (waited?: number) => {
      if (life !== mine) answer(null);
      else if (wait?.after !== revision() || agenda.now() - since >= wait.ms) tell(waited);
      else agenda.at(agenda.now() + LOOK_MS, () => look(agenda.now() - since));
    };
    look();
  }

  function revision(): string {
    return mac(key, JSON.stringify([sessionState(), session?.firstTickAt]))
      .toString('hex')
      .slice(0, 32);
  }

  function report(id: string, account: string, waited_ms?: number): Incoming {
    const tick = session?.firstTickAt ?? null;
    const growth = holds ? { understands: ['check.wait'], revision: revision(), waited_ms } : {};
    return signed({
      type: 'session.report',
      id,
      account,
      ...growth,
      server_time: iso(agenda.now()),
      session: sessionState(),
      feed: {
        state:
          tick !== null ? 'live' : session === null ? 'off' : session.verifiedAt === null ? 'connecting' : 'subscribed',
        first_tick_at: tick === null ? null : iso(tick),
        last_tick_at: tick === null ? null : iso(agenda.now()),
        source: 'model',
      },
    });
  }
}

type Reply = (incoming: Incoming | null) => void;
