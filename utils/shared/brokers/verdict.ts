/** True for the explicit contract, `auth_required: true`. */
export function saysAuthRequired(body: unknown): boolean {
  return isRecord(body) && body.auth_required === true;
}

/** The text of one field of a JSON object, or the empty string. */
export function textOf(body: unknown, field: string): string {
  const value = isRecord(body) ? body[field] : undefined;
  return typeof value === 'string' ? value : '';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The integer of one field of a JSON object, or null. */
export function numberOf(body: unknown, field: string): number | null {
  const value = fieldOf(body, field);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** One field of a JSON object. */
export function fieldOf(body: unknown, field: string): unknown {
  return isRecord(body) && Object.hasOwn(body, field) ? body[field] : undefined;
}
