import { HEADER } from '../../utils/shared/contract.ts';
import { SECOND } from '../../utils/shared/time.ts';
import type { Agenda } from './agenda.ts';
import type { Incoming, Outgoing } from './browser.ts';
import type { Mishap } from './receiver.ts';
import type { Fate } from './schedule.ts';

const HOP_MS = 15;

type Answer = (incoming: Incoming | null) => void;
type Receive = (request: Outgoing, mishap: Mishap | null, answer: Answer) => void;

/** Carries requests to a receiver as their fates say; one without a fate arrives and is answered. */
export function openNetwork(agenda: Agenda, receive: Receive) {
  const later = (ms: number, what: () => void) => void agenda.at(agenda.now() + ms, what);
  const deliver = (request: Outgoing, mishap: Mishap | null, answer: Answer, ms = HOP_MS) =>
    later(ms, () => receive(request, mishap, (incoming) => later(HOP_MS, () => answer(incoming))));
  const nobody = () => {};

  return function send(request: Outgoing, fate: Fate | null, answer: Answer) {
    switch (fate) {
      case null:
        return deliver(request, null, answer);
      case 'lost':
        return later(HOP_MS, () => answer(null));
      case 'never-arrives':
        return;
      case 'answer-lost':
        return deliver(request, null, () => answer(null));
      case 'never-answered':
        return deliver(request, null, nobody);
      case 'duplicate':
        deliver(request, null, answer);
        return deliver(request, null, nobody, HOP_MS + 5);
      case 'late-duplicate':
        deliver(request, null, answer);
        return deliver(request, null, nobody, 40 * SECOND);
      case 'slow':
        return deliver(request, null, answer, 12 * SECOND);
      case 'too-slow':
        return deliver(request, null, answer, 20 * SECOND);
      case 'server-error':
        return later(HOP_MS, () => answer(SERVER_ERROR));
      case 'server-error-after':
        return deliver(request, null, () => answer(SERVER_ERROR));
      case 'busy':
        return later(HOP_MS, () => answer(BUSY));
      case 'impostor':
        return later(HOP_MS, () => answer(forged(request, agenda.now())));
      case 'web-page':
        return later(HOP_MS, () => answer(WEB_PAGE));
      default:
        return deliver(request, fate, answer);
    }
  };
}

const SERVER_ERROR: Incoming = { status: 502, headers: {}, body: 'Bad Gateway' };
const BUSY: Incoming = { status: 429, headers: { 'retry-after': '5' }, body: '' };
const WEB_PAGE: Incoming = { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>Welcome' };

/** What somebody answers who does not hold the pairing secret: all is well. */
function forged({ headers, body }: Outgoing, now: number): Incoming {
  const at = new Date(now).toISOString();
  const id = headers[HEADER.id] ?? '';
  const session = {
    state: 'verified',
    delivery: id,
    user: 'XX****',
    exchanged_at: at,
    verified_at: at,
    expires_at: new Date(now + 3_600 * SECOND).toISOString(),
  };
  const feed = { state: 'live', first_tick_at: at, last_tick_at: at, source: 'forged' };
  const answer = body.includes('session.check')
    ? { type: 'session.report', id, account: 'main', server_time: at, session, feed }
    : { type: 'session.applied', id, status: 'applied', server_time: at, session };
  const signature = {
    [HEADER.id]: id,
    [HEADER.timestamp]: String(Math.floor(now / SECOND)),
    [HEADER.signature]: 'v1,AAAA',
  };
  return { status: 200, headers: signature, body: JSON.stringify(answer) };
}
