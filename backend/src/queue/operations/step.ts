import type { Reply } from '../../brokers/client.ts';
import type { Note } from '../operation.ts';

/** One step of an operation: `read` gives null for an answer that it cannot use, `say` what the log shows of the rest. */
export interface Step<T> {
  name: string;
  ask(): Promise<Reply<unknown>>;
  read(value: unknown): T | null;
  say(value: T): string;
}

/** Takes one step and notes how it went; a failure is the broker's, or an answer that cannot be used. */
export async function takeStep<T>(note: Note, { name, ask, read, say }: Step<T>): Promise<Reply<T>> {
  const reply = await ask();
  if (!reply.ok) {
    note(name, 'error', reply.words);
    return reply;
  }
  const value = read(reply.value);
  if (value === null) {
    const words = `${name}: the broker sent no usable answer`;
    note(name, 'error', words);
    return { ok: false, status: 502, body: null, words };
  }
  note(name, 'success', say(value));
  return { ok: true, value };
}
