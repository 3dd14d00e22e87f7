import type { MarketId } from '../../../utils/shared/market.ts';
import { type Checked, check, type z } from '../../../utils/shared/schema.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import type { BrokerApi, Reply } from '../brokers/client.ts';

const READ_STALE_AFTER_MS = 15 * MINUTE;
const ACT_STALE_AFTER_MS = 2 * MINUTE;

/** Told by an operation at each of its steps, for the execution log of whoever watches it. */
export type Note = (step: string, status: 'success' | 'error' | 'info', message: string) => void;

/** What the broker knows of an act that was begun under an idempotency key. */
export type LookedUp = { found: true; result: unknown } | { found: false };

/** Something this backend does with a session, and may do later when there is none now. */
export interface Operation {
  name: string;
  /** True for what changes anything at the broker: such a job never runs by itself after it was parked. */
  acts: boolean;
  /** How long after it was asked for it is still worth running, in ms. */
  staleAfterMs: number;
  /** Checks the parameters, and says what is about to be done and how. */
  prepare(params: unknown): Checked<Prepared>;
}

export interface Prepared {
  params: unknown;
  label: string;
  /** Whose hours an act is judged by; null: those of its account's market. */
  market: MarketId | null;
  run(session: BrokerApi, key: string | null, note?: Note): Promise<Reply<unknown>>;
  lookUp: ((session: BrokerApi, key: string) => Promise<Reply<LookedUp>>) | null;
}

export interface Definition<S extends z.ZodMiniType> {
  name: string;
  acts: boolean;
  params: S;
  label(params: z.infer<S>): string;
  /** `key` is the request's idempotency key; every act has one, to be handed to the broker where it takes one. */
  run(session: BrokerApi, params: z.infer<S>, key: string | null, note: Note): Promise<Reply<unknown>>;
  /** Finds out whether an act of this key was carried out. Without it an unknown outcome stays unknown. */
  lookUp?(session: BrokerApi, params: z.infer<S>, key: string): Promise<Reply<LookedUp>>;
  /** Whose hours an act is judged by. Without it those of its account's market count. */
  market?(params: z.infer<S>): MarketId;
  /** Default: 15 minutes for what reads, 2 minutes for what acts. */
  staleAfterMs?: number;
}

const silent: Note = () => {};

export function defineOperation<S extends z.ZodMiniType>(definition: Definition<S>): Operation {
  const { name, acts, params, label, market, run, lookUp } = definition;
  return {
    name,
    acts,
    staleAfterMs: definition.staleAfterMs ?? (acts ? ACT_STALE_AFTER_MS : READ_STALE_AFTER_MS),
    prepare(input) {
      const checked = check(params, input, 'params');
      if (!checked.ok) return checked;
      const { value } = checked;
      return {
        ok: true,
        value: {
          params: value,
          label: label(value).slice(0, 200),
          market: market?.(value) ?? null,
          run: (session, key, note = silent) => run(session, value, key, note),
          lookUp: lookUp === undefined ? null : (session, key) => lookUp(session, value, key),
        },
      };
    },
  };
}
