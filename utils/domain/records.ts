import { fnv1a } from './checksum.ts';
import { type Checked, check, type Problem, parseJson, z } from './schema.ts';

const VERSION = 1;

const Envelope = z.strictObject({ version: z.literal(VERSION), sum: z.string(), json: z.string() });

/**
 * Wraps data for storage with a version and a checksum: Chromium was seen returning silently corrupted values.
 * As JSON text, since storage.session gives an object's keys back in another order than they were written in.
 */
export function wrap(data: unknown): unknown {
  const json = JSON.stringify(data);
  return { version: VERSION, sum: checksum(json), json };
}

/** Unwraps a stored record: version, checksum and schema all have to hold, or the problems say what does not. */
export function unwrap<T extends z.ZodMiniType>(schema: T, record: unknown): Checked<z.infer<T>> {
  const envelope = check(Envelope, record, 'record');
  if (!envelope.ok) return envelope;
  const { json, sum } = envelope.value;
  if (checksum(json) !== sum)
    return { ok: false, problems: [{ field: 'record', message: 'does not match its checksum' }] };
  return check(schema, parseJson(json), 'record');
}

export interface Damaged {
  key: string;
  problems: Problem[];
}

/** Unwraps many records; a damaged one is named and left where it is, the others work on. */
export function unwrapAll<T extends z.ZodMiniType>(
  schema: T,
  records: ReadonlyMap<string, unknown>,
  prefix: string,
  damaged: Damaged[],
): z.infer<T>[] {
  return [...records].flatMap(([key, record]) => {
    const read = unwrap(schema, record);
    if (read.ok) return [read.value];
    damaged.push({ key: prefix + key, problems: read.problems });
    return [];
  });
}

function checksum(json: string): string {
  return fnv1a(json).toString(16).padStart(8, '0');
}
