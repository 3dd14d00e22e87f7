/** A field that differs, as it is and as it would be; null where it is not there. */
export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

/** Whether any field of the two differs. */
export function isDifferent(before: object, after: object): boolean {
  return differences(before, after).length > 0;
}

/** The fields in which the two differ, each in words that can be compared. */
export function differences(before: object, after: object): FieldChange[] {
  const [old, young] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((field) => {
    const [from, to] = [told(old.get(field)), told(young.get(field))];
    return from === to ? [] : [{ field, from, to }];
  });
}

/** A value as a person can compare it; objects with their keys in one order. */
function told(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, (_, inside) => sorted(inside));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
