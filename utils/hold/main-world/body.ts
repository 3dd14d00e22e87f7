import {
  appendTo,
  BLOB,
  BUFFER,
  eachField,
  FORM,
  isA,
  isLocked,
  isView,
  NativeFormData,
  NativeParameters,
  PARAMETERS,
  parametersText,
  sizeOfBuffer,
  sliceBuffer,
} from './natives.ts';

const MOST_BYTES = 1024 * 1024;

/** Why a body is not kept: a stream can be read once only, and what is large is not copied. */
export const UNKEPT = Symbol('unkept');

/** True for a body that the browser's own copy of a request may hold. */
export function isKeepable(body: unknown): boolean {
  try {
    return sizeOf(body) <= MOST_BYTES && !isStream(body);
  } catch {
    return false;
  }
}

/** A body that later changes by the page do not reach, or {@link UNKEPT}. What cannot change is kept as it is. */
export function keepBody(body: unknown): unknown {
  try {
    return copyOf(body);
  } catch {
    // A buffer that was given away, or shared, or no buffer at all: the browser finds that out itself.
    return UNKEPT;
  }
}

function copyOf(body: unknown): unknown {
  if (body === undefined || body === null || isA(BLOB, body)) return body;
  if (sizeOf(body) > MOST_BYTES) return UNKEPT;
  if (typeof body === 'string') return body;
  if (isA(PARAMETERS, body)) return new NativeParameters(parametersText(body as URLSearchParams));
  if (isA(FORM, body)) return copyForm(body as FormData);
  if (isA(BUFFER, body)) return sliceBuffer(body as ArrayBuffer, 0);
  return isView(body) ? copyView(body) : UNKEPT;
}

function sizeOf(body: unknown): number {
  if (typeof body === 'string') return body.length;
  if (isA(BUFFER, body)) return sizeOfBuffer(body as ArrayBuffer);
  return isView(body) ? body.byteLength : 0;
}

function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  try {
    isLocked(body as ReadableStream);
    return true;
  } catch {
    return false;
  }
}

function copyForm(form: FormData): FormData {
  const copy = new NativeFormData();
  eachField(form, (value, name) => appendTo(copy, name, value));
  return copy;
}

function copyView(view: ArrayBufferView): ArrayBufferLike {
  const { buffer, byteOffset, byteLength } = view;
  return sliceBuffer(buffer as ArrayBuffer, byteOffset, byteOffset + byteLength);
}
