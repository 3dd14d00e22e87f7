const ENDED_SESSION = /session key is expired|invalid session/i;
const ERROR_FIELDS = ['error', 'message', 'detail'];

/** True for the explicit contract, `auth_required: true`. */
export function saysAuthRequired(body: unknown): boolean {
  return isRecord(body) && body.auth_required === true;
}

/** True for the two sentences that only an ended session produces, as a backend passes them on in its own words. */
export function saysSessionEnded(body: unknown): boolean {
  // Only the fields that carry an error are read, so that a text elsewhere (an order's name) cannot look like one.
  return ERROR_FIELDS.some((field) => ENDED_SESSION.test(textOf(body, field)));
}

/** The text of one field of a JSON object, or the empty string. */
export function textOf(body: unknown, field: string): string {
  const value = isRecord(body) ? body[field] : undefined;
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
