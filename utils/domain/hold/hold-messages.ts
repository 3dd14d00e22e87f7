import type { EffectRule } from '../dashboards/effect.ts';
import type { Signal } from '../dashboards/signal.ts';
import type { Link } from '../session/chain.ts';
import type { Limits } from './replay.ts';

export type { FromDashboard } from './messages.ts';

/** What the hold in a page has to know; nothing in it is secret. */
export interface HoldSettings extends Limits {
  signals: readonly Signal[];
  rules: readonly EffectRule[];
  lookup: string | null;
  /** The time between two reads that go out again, in ms: no more than the account's broker bears. */
  paceMs: number;
}

/** From our isolated script to the hold in the page, over the private port. */
export type ToHold =
  | { type: 'settings'; settings: HoldSettings }
  /** This origin is not one that the person named: be as if never there. */
  | { type: 'inert' }
  /** Send these again; reads that are alike go out as one. A key is for what may act. */
  | { type: 'retry'; id: number; key: string | null }
  /** Give this one its original answer. */
  | { type: 'release'; id: number }
  /** Tell the page that the session lives again. */
  | { type: 'renewed' };

/** What became of a replay; `lost` is one whose answer never came. */
export type Outcome = 'answered' | 'auth-required' | 'lost' | 'found' | 'missing' | 'unknown';

/** From the hold in the page: what waits, and what became of it. `age` is in ms when the message is sent. */
export type FromHold =
  | { type: 'held'; id: number; method: string; url: string; description: string; age: number }
  | { type: 'gone'; id: number }
  | { type: 'outcome'; id: number; outcome: Outcome };

/** From the background to a dashboard's isolated script. */
export type ToDashboard =
  | { type: 'settings'; settings: HoldSettings; account: string; broker: string }
  | { type: 'not-yours' }
  | { type: 'view'; view: HoldView }
  | { type: 'cancelled' };

/** Where the login of a dashboard's account stands, as its dialog shows it; secret-free. */
export interface HoldView {
  step: 'ask' | 'working' | 'failed' | 'renewed';
  /** Epoch ms at which the session that lives now began; null while none does. */
  session: number | null;
  links: readonly Link[] | null;
  says: string | null;
  /** Requests of this account that wait, and in how many pages. */
  waiting: number;
  pages: number;
  /** The place of this page among them, from 0. */
  turn: number;
  /** True for the one page that shows the dialog. */
  isChosen: boolean;
}
