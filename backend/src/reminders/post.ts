import { SECOND } from '../../../utils/shared/time.ts';
import type { Sent, Why } from './message.ts';

const TIMEOUT_MS = 10 * SECOND;
/** Of an answer that says no, no more is read: it may say how long to wait. */
const MOST_CHARACTERS = 2_000;

interface Post {
  url: string;
  headers?: Record<string, string>;
  body: string | object;
}

/** Posts once, text as text and anything else as JSON; follows no redirect, since an address may hold a key. */
export async function post({ url, headers, body }: Post, timeoutMs = TIMEOUT_MS): Promise<Sent> {
  const isText = typeof body === 'string';
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers },
      body: isText ? body : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) {
      await response.body?.cancel();
      return { ok: true };
    }
    return refusal(
      response.status,
      waitOf(response.headers.get('retry-after'), (await response.text()).slice(0, MOST_CHARACTERS)),
    );
  } catch (error) {
    return { ok: false, why: whyOf(error), again: true };
  }
}

function refusal(status: number, retryAfterMs: number | undefined): Sent {
  const again = status >= 500 || status === 408 || status === 429;
  return { ok: false, why: `answered ${status}`, again, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Telegram writes the seconds into its answer, the others into a header. */
function waitOf(header: string | null, body: string): number | undefined {
  const seconds = header ?? /"retry_after"\s*:\s*(\d{1,6})/.exec(body)?.[1];
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * SECOND : undefined;
}

/** Why a connection failed: a code of the system, never the address. */
export function whyOf(error: unknown): Why {
  if (error instanceof Error && error.name === 'TimeoutError') return 'did not answer in time';
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : null);
  return code === null ? 'cannot be reached' : `cannot be reached (${code})`;
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[A-Z_]{2,40}$/.test(code) ? code : null;
}
