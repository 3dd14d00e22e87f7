import { appendTo, eachField, isView, NativeFormData } from './natives.ts';

const MOST_BYTES = 1024 * 1024;

/** Why a body is not kept: a stream can be read once only, and what is large is not copied. */
export const UNKEPT = Symbol('unkept');

/** A body that later changes by the page do not reach, or {@link UNKEPT}. What cannot change is kept as it is. */
export function keepBody(body: unknown): unknown {
  if (body === undefined || body === null || body instanceof Blob) return body;
  if (typeof body === 'string') return body.length > MOST_BYTES ? UNKEPT : body;
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (body instanceof FormData) return copyForm(body);
  if (body instanceof ArrayBuffer) return body.byteLength > MOST_BYTES ? UNKEPT : body.slice(0);
  if (isView(body)) return body.byteLength > MOST_BYTES ? UNKEPT : copyView(body);
  return UNKEPT;
}

function copyForm(form: FormData): FormData {
  const copy = new NativeFormData();
  eachField(form, (value, name) => appendTo(copy, name, value));
  return copy;
}

function copyView({ buffer, byteOffset, byteLength }: ArrayBufferView): ArrayBufferLike {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
