import { type Checked, check, type z } from '../../../utils/domain/schema.ts';
import type { BrokerApi, Reply } from '../session/client.ts';

/** Told by an operation at each of its steps, for the execution log of whoever watches it. */
export type Note = (step: string, status: 'success' | 'error' | 'info', message: string) => void;

/** Something this backend does with a session, and may do later when there is none now. */
export interface Operation {
  name: string;
  /** True for what changes anything at the broker: such a job never runs by itself after it was parked. */
  acts: boolean;
  /** Checks the parameters, and says what is about to be done and how. */
  prepare(params: unknown): Checked<Prepared>;
}

export interface Prepared {
  params: unknown;
  label: string;
  run(session: BrokerApi, key?: string | null, note?: Note): Promise<Reply<unknown>>;
}

export interface Definition<S extends z.ZodMiniType> {
  name: string;
  acts: boolean;
  params: S;
  label(params: z.infer<S>): string;
  run(session: BrokerApi, params: z.infer<S>, key: string | null, note: Note): Promise<Reply<unknown>>;
}

const silent: Note = () => {};

export function defineOperation<S extends z.ZodMiniType>({ name, acts, params, label, run }: Definition<S>): Operation {
  return {
    name,
    acts,
    prepare(input) {
      const checked = check(params, input, 'params');
      if (!checked.ok) return checked;
      const { value } = checked;
      return {
        ok: true,
        value: {
          params: value,
          label: label(value).slice(0, 200),
          run: (session, key = null, note = silent) => run(session, value, key, note),
        },
      };
    },
  };
}
