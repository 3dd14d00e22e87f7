import type { MarketId } from '../../shared/market.ts';
import { type Effect, effectOf, marketOf } from '../dashboards/effect.ts';
import type { FromHold, HoldSettings, HoldView, Outcome } from './hold-messages.ts';
import { type Age, ageOf, type Limits, type Moment, replayOf } from './replay.ts';

/** A request that waits in a page, as its isolated script knows it. `due`: a read that goes out at its turn. `ready`: only a person's click sends it now. */
export interface Held {
  id: number;
  method: string;
  /** Path and query on the page's own origin; elsewhere the whole address. */
  target: string;
  description: string;
  effect: Effect;
  /** Whose hours it is judged by; absent: those of the market in the settings. */
  market?: MarketId | undefined;
  sent: Moment;
  state: 'waiting' | 'due' | 'ready' | 'sending' | Exclude<Outcome, 'answered'> | 'too-old';
}

/** A request as the dialog shows it. */
export interface Row extends Pick<Held, 'id' | 'method' | 'target' | 'description' | 'effect'> {
  state: Exclude<Held['state'], 'due'>;
  age: Age;
}

/** What the dialog shows of a page: where the login stands, and the requests one by one. */
export interface DialogView {
  broker: string;
  account: string;
  login: HoldView;
  rows: readonly Row[];
  /** Of what waits in this page. */
  oldest: Age | null;
}

const LONGEST_TARGET = 200;

/** A request that the page's hold has just announced. */
export function newHeld(
  { id, method, url, description, age }: Extract<FromHold, { type: 'held' }>,
  origin: string,
  now: Moment,
  { rules }: Pick<HoldSettings, 'rules'>,
): Held {
  const target = url.startsWith(`${origin}/`) ? url.slice(origin.length) : url;
  const whole = URL.canParse(url) ? url.slice(new URL(url).origin.length) : url;
  const path = whole.split('#')[0] ?? whole;
  return {
    id,
    method,
    target: target.slice(0, LONGEST_TARGET),
    description,
    effect: effectOf(method, path, rules),
    market: marketOf(method, path, rules),
    sent: { wall: now.wall - age, steady: now.steady - age },
    state: 'waiting',
  };
}

/** The list with one more, in the order in which the page sent them: their answers may have come in another one. */
export function placed(held: readonly Held[], one: Held): Held[] {
  const place = held.findIndex(({ sent }) => sent.steady > one.sent.steady);
  return place === -1 ? [...held, one] : held.toSpliced(place, 0, one);
}

/** What to do with the requests that wait: which go out by themselves, and which are given up. Only `isRenewed` sends anything. */
export function judge(
  held: readonly Held[],
  isRenewed: boolean,
  now: Moment,
  limits: Limits,
): { send: Held[]; ask: Held[]; giveUp: Held[] } {
  const open = held.filter(isOpen);
  const replays = new Map(open.map((one) => [one, replayOf(one.effect, one.sent, now, limits, one.market)]));
  const isWaiting = ({ state }: Held) => isRenewed && state === 'waiting';
  return {
    send: open.filter((one) => isWaiting(one) && replays.get(one) === 'by-itself'),
    ask: open.filter((one) => isWaiting(one) && replays.get(one) === 'on-click'),
    giveUp: open.filter((one) => replays.get(one) === 'too-old'),
  };
}

/** True while a request still waits for its answer, and for a person. */
export function isOpen({ state }: Pick<Held, 'state'>): boolean {
  return state === 'waiting' || state === 'due' || state === 'ready';
}

/** What the dialog lists: everything that may act, and reads only while they cannot go by themselves. */
export function rowsOf(held: readonly Held[], now: Moment): Row[] {
  return held.flatMap(({ sent, state, market: _, ...row }) => {
    const isShown = state !== 'due' && (row.effect === 'act' || state === 'ready');
    return isShown ? [{ ...row, state, age: ageOf(sent, now) }] : [];
  });
}

/** True where the page has something to show: the login of everything that waits here, or requests that need a person. */
export function isDialogDue(held: readonly Held[], login: HoldView | null, isVisible: boolean): boolean {
  if (login?.isChosen && login.step !== 'renewed' && login.waiting > 0) return true;
  return isVisible && held.some(needsPerson);
}

function needsPerson({ state, effect }: Held): boolean {
  if (state === 'sending') return effect === 'act';
  return state !== 'waiting' && state !== 'due' && state !== 'too-old';
}

/** The age of the oldest request that still waits. */
export function oldestAge(held: readonly Held[], now: Moment): Age | null {
  const ages = held.filter(isOpen).map(({ sent }) => ageOf(sent, now));
  return ages.reduce<Age | null>((oldest, age) => (oldest && oldest.ms >= age.ms ? oldest : age), null);
}

/** What a trusted click in the dialog can ask for. */
export type DialogAct =
  | { type: 'log-in' }
  | { type: 'cancel' }
  | { type: 'paste' }
  | { type: 'send'; id: number }
  | { type: 'discard'; id: number }
  | { type: 'close' }
  /** The page does not let the dialog be: its requests get their own answers, and those of other pages wait on. */
  | { type: 'give-up' };

/**
 * The dialog's element in the page, and what hears the trusted events in it: nobody else does. `lost` is called where that
 * cannot be kept any more.
 */
export interface Guarded {
  host: Element;
  heard(event: Event): void;
  lost(): void;
}
export type Guard = (guarded: Guarded) => () => void;

export interface Dialog {
  show(view: DialogView): void;
  close(): void;
}
export type OpenDialog = (act: (asked: DialogAct) => void, guard: Guard) => Dialog;
