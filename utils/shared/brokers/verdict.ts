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
