import type { Context } from 'hono';
import { parseJson } from '../../../utils/shared/schema.ts';

/** The fields of a request's body, JSON or a form alike; nothing for a body that is neither. */
export async function readFields(context: Context): Promise<Record<string, unknown>> {
  const type = context.req.header('content-type') ?? '';
  if (/^application\/json\b/i.test(type)) {
    const body = parseJson(await context.req.text());
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
  }
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type);
  // A form that cannot be read is a form without fields.
  return isForm ? await context.req.parseBody().catch(() => ({})) : {};
}

/** The text of one field, or the empty string. */
export function textField(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value.trim() : '';
}
