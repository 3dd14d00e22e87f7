import { parseJson, z } from '../../shared/schema.ts';
import { type Checked, check, type ToldProblem } from './check.ts';
import { fnv1a } from './checksum.ts';
import { say } from './words.ts';

const Envelope = z.strictObject({ version: z.int().check(z.gte(1)), sum: z.string(), json: z.string() });

/** Takes the data of one released version to the next; a migration is never changed once it was released. */
export type Migration = (data: Record<string, unknown>) => Record<string, unknown>;

/** One kind of record: its shape today, and the way to it from every version that was ever released. */
export interface Kind<T extends z.ZodMiniType = z.ZodMiniType> {
  schema: T;
  migrations: readonly Migration[];
}

/**
 * Wraps data for storage with its version and a checksum: Chromium was seen returning silently corrupted values.
 * As JSON text, since storage.session gives an object's keys back in another order than they were written in.
 */
export function wrap({ migrations }: Pick<Kind, 'migrations'>, data: unknown): unknown {
  const json = JSON.stringify(data);
  return { version: migrations.length + 1, sum: checksum(json), json };
}

/** What each record was read as: one that stays where it is, is checked once in a background's life. */
const readings = new WeakMap<object, { kind: Kind; reading: Checked<unknown> }>();

/** Unwraps a stored record: checksum, version and schema all have to hold, or the problems say what does not. */
export function unwrap<T extends z.ZodMiniType>(kind: Kind<T>, record: unknown): Checked<z.infer<T>> {
  if (typeof record !== 'object' || record === null) return read(kind, record);
  const known = readings.get(record);
  if (known?.kind === kind) return known.reading as Checked<z.infer<T>>;
  const reading = read(kind, record);
  readings.set(record, { kind, reading });
  return reading;
}

/** The version of a record and its data as that version wrote it; null where it is damaged. */
export function versionOf(record: unknown): { version: number; data: Record<string, unknown> } | null {
  const envelope = check(Envelope, record);
  if (!envelope.ok || checksum(envelope.value.json) !== envelope.value.sum) return null;
  const data = parseJson(envelope.value.json);
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  return isObject ? { version: envelope.value.version, data: data as Record<string, unknown> } : null;
}

function read<T extends z.ZodMiniType>(kind: Kind<T>, record: unknown): Checked<z.infer<T>> {
  const envelope = check(Envelope, record, 'record');
  if (!envelope.ok) return envelope;
  const { json, sum, version } = envelope.value;
  if (checksum(json) !== sum) return damaged(say('problem_checksum'));
  if (isNewer(kind, record)) return damaged(say('problem_newer_record'));
  const migrated = migrate(kind, parseJson(json), version);
  return migrated === null ? damaged(say('problem_migration')) : check(kind.schema, migrated, 'record');
}

/** True for a record of a later version: it may be neither read nor written over (UPD-01). */
export function isNewer({ migrations }: Pick<Kind, 'migrations'>, record: unknown): boolean {
  const envelope = check(Envelope, record);
  return envelope.ok && envelope.value.version > migrations.length + 1;
}

export interface Damaged {
  key: string;
  problems: ToldProblem[];
  isNewer: boolean;
}

/** Unwraps many records; a damaged one is named and left where it is, the others work on. */
export function unwrapAll<T extends z.ZodMiniType>(
  kind: Kind<T>,
  records: ReadonlyMap<string, unknown>,
  prefix: string,
  found: Damaged[],
): z.infer<T>[] {
  return [...records].flatMap(([key, record]) => {
    const read = unwrap(kind, record);
    if (read.ok) return [read.value];
    found.push({ key: prefix + key, problems: read.problems, isNewer: isNewer(kind, record) });
    return [];
  });
}

/** The data of a version as the newest one has it; null where it is none that could be taken there. */
export function migrate({ migrations }: Pick<Kind, 'migrations'>, data: unknown, version: number): unknown {
  const steps = migrations.slice(version - 1);
  if (steps.length === 0) return data;
  if (typeof data !== 'object' || data === null) return null;
  return steps.reduce((older, step) => step(older), data as Record<string, unknown>);
}

function damaged(message: string): Checked<never> {
  return { ok: false, problems: [{ field: 'record', message }] };
}

function checksum(json: string): string {
  return fnv1a(json).toString(16).padStart(8, '0');
}
