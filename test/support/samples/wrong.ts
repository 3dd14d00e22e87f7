import type { z } from '../../../utils/shared/schema.ts';

/** One way in which an input can be wrong: a whole input that differs from a valid one at `path` alone. */
export interface WrongRow {
  path: string;
  value: unknown;
  why: string;
}

type Schema = z.core.$ZodType;
/** What can be done to the value at one place; `undefined` takes the field away. */
type Damage = [why: string, value: unknown];
type Field = [path: string[], damage: Damage];

/** Every way in which each field of `sample` can break `schema`; the sample has to hold a value for every field. */
export function wrongInputs(schema: Schema, sample: unknown): WrongRow[] {
  return fieldsOf(schema, sample, []).map(([path, [why, value]]) => ({
    path: path.join('.'),
    value: replaced(sample, path, value),
    why,
  }));
}

/** The values of `field`, by which the kinds of a discriminated union differ. */
export function kindsOf(schema: Schema, field: string): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'union') return def.options.flatMap((option) => kindsOf(option, field));
  if (def.type === 'object') return kindsOf(def.shape[field] ?? schema, field);
  return def.type === 'literal' ? def.values.map(String) : [];
}

function fieldsOf(schema: Schema, sample: unknown, path: string[]): Field[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const here = (...damages: Damage[]): Field[] => damages.map((damage) => [path, damage]);
  switch (def.type) {
    case 'optional':
    case 'default':
      return fieldsOf(def.innerType, sample, path);
    case 'nullable':
      if (sample === null) throw new Error(`the sample says nothing at ${path.join('.')}`);
      return fieldsOf(def.innerType, sample, path).filter(([at, [, value]]) => at !== path || value !== null);
    case 'object':
      return [...here(['null', null], ['a list', []], ['a text', 'text']), ...insideObject(def, sample, path)];
    case 'array': {
      const [first] = sample as unknown[];
      const most = refusedFrom(def.checks);
      return [
        ...here(['null', null], ['an object', { length: 1 }]),
        ...(most === null ? [] : here([`more than ${most} entries`, Array(most + 1).fill(first)])),
        ...fieldsOf(def.element, first, [...path, '0']),
      ];
    }
    case 'record': {
      const [key = ''] = Object.keys(sample as object);
      return [
        ...here(['null', null], ['a text', 'text']),
        ...fieldsOf(def.valueType, (sample as Record<string, unknown>)[key], [...path, key]),
      ];
    }
    case 'union':
      return fieldsOf(optionFor(def.options, sample, path), sample, path);
    case 'string':
      return here(['a number', 7], ['null', null], ['an object', {}], ...wrongTexts(def.checks));
    case 'number':
      return here(
        ['a text', '7'],
        ['null', null],
        ['no number', Number.NaN],
        ['endless', Infinity],
        ['a fraction', 1.5],
      ).concat(limit(def.checks, 'greater_than') === null ? [] : here(['too small', -1]));
    case 'boolean':
      return here(['a text', 'true'], ['a number', 1], ['null', null]);
    case 'literal':
    case 'enum':
      return here(['out of its list', 'none-of-these'], ['a number', 7], ['null', null], ['a list', [sample]]);
    default:
      throw new Error(`no wrong values are known for ${def.type} at ${path.join('.')}`);
  }
}

function insideObject(def: z.core.$ZodObjectDef, sample: unknown, path: string[]): Field[] {
  if (typeof sample !== 'object' || sample === null) throw new Error(`no sample object at ${path.join('.')}`);
  const inner = Object.entries(def.shape).flatMap(([key, schema]): Field[] => {
    const at = [...path, key];
    const value = (sample as Record<string, unknown>)[key];
    if (value === undefined) throw new Error(`the sample lacks ${at.join('.')}`);
    const isOptional = schema._zod.optin === 'optional';
    return [...(isOptional ? [] : [[at, ['missing', undefined]] as Field]), ...fieldsOf(schema, value, at)];
  });
  const isStrict = def.catchall?._zod.def.type === 'never';
  return isStrict
    ? [
        ...inner,
        [
          [...path, 'surplus'],
          ['an unknown field', 1],
        ],
      ]
    : inner;
}

function optionFor(options: readonly Schema[], sample: unknown, path: string[]): Schema {
  const fitting = options.find((option) => {
    const { def } = (option as z.core.$ZodTypes)._zod;
    if (def.type !== 'object') return false;
    return Object.entries(def.shape).every(([key, schema]) => {
      const inner = (schema as z.core.$ZodTypes)._zod.def;
      return inner.type !== 'literal' || inner.values.includes((sample as Record<string, never>)[key] as never);
    });
  });
  if (!fitting) throw new Error(`the sample fits no kind at ${path.join('.')}`);
  return fitting;
}

function wrongTexts(checks: readonly z.core.$ZodCheck<never>[] | undefined): Damage[] {
  const most = refusedFrom(checks);
  const least = limit(checks, 'min_length');
  const hasFormat = kinds(checks).some((kind) => kind === 'string_format' || kind === 'custom');
  return [
    ...(most === null ? [] : [[`longer than ${most}`, 'a'.repeat(most + 1)] satisfies Damage]),
    ...(least === null ? [] : [['too short', ''.padEnd(least - 1, 'a')] satisfies Damage]),
    ...(hasFormat
      ? [
          ['endless', 'a'.repeat(10_000)] satisfies Damage,
          ['not of its format', '?\n?'] satisfies Damage,
          ['blank', '\r\n '] satisfies Damage,
        ]
      : []),
  ];
}

/** The length beyond which a value is refused; one that is cut to it is not. */
function refusedFrom(checks: readonly z.core.$ZodCheck<never>[] | undefined): number | null {
  return kinds(checks).includes('overwrite') ? null : limit(checks, 'max_length');
}

type AnyCheck = z.core.$ZodCheck<never>;
const defOf = (check: AnyCheck) =>
  check._zod.def as { check: string; maximum?: number; minimum?: number; value?: number };

function kinds(checks: readonly AnyCheck[] | undefined): string[] {
  return (checks ?? []).map((check) => defOf(check).check);
}

function limit(checks: readonly AnyCheck[] | undefined, kind: string): number | null {
  const found = (checks ?? []).map(defOf).find((def) => def.check === kind);
  return found?.maximum ?? found?.minimum ?? found?.value ?? null;
}

function replaced(whole: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(whole)) return whole.with(Number(key), replaced(whole[Number(key)], rest, value));
  const copy: Record<string, unknown> = { ...(whole as Record<string, unknown>) };
  copy[key] = replaced(copy[key], rest, value);
  if (rest.length === 0 && value === undefined) delete copy[key];
  return copy;
}
