import { createHash } from 'node:crypto';
import { request } from 'node:https';
import { check, parseJson, z } from '../../../utils/shared/schema.ts';
import { REQUEST_TIMEOUT_MS, type Reply, words } from './client.ts';

const API = 'https://api.icicidirect.com/breezeapi/api/v1/';
const MAX_ANSWER_BYTES = 1_048_576;

const Envelope = z.object({
  Success: z.optional(z.unknown()),
  Status: z.optional(z.unknown()),
  Error: z.optional(z.nullable(z.string())),
});

/** The headers that sign a call with the session's access token. */
export function signedHeaders(
  appKey: string,
  secret: string,
  accessToken: string,
  body: string,
  now: number,
): Record<string, string> {
  const timestamp = `${new Date(now).toISOString().slice(0, 19)}.000Z`;
  const checksum = createHash('sha256').update(`${timestamp}${body}${secret}`).digest('hex');
  return {
    'X-Checksum': `token ${checksum}`,
    'X-Timestamp': timestamp,
    'X-AppKey': appKey,
    'X-SessionToken': accessToken,
  };
}

/** The two halves of an access token, as the stream wants them: base64 of `user:key`. */
export function streamLogin(accessToken: string): { user: string; token: string } {
  const [user = '', token = ''] = Buffer.from(accessToken, 'base64').toString('utf8').split(':');
  return { user, token };
}

/** One call of the Breeze API. Success and failure stand in the body; the HTTP status is not reliable. */
export async function callBreeze(
  path: string,
  body: string,
  headers: Record<string, string>,
  secrets: string[],
): Promise<Reply<unknown>> {
  // A key with a character that no header can carry throws before anything is sent.
  const answer = await get(`${API}${path}`, body, headers).catch(() => null);
  if (answer === null) return { ok: false, status: 0, body: null, words: 'ICICI Direct: no answer' };
  const json = parseJson(answer.text);
  const envelope = check(Envelope, json);
  if (!envelope.ok)
    return { ok: false, status: answer.status, body: null, words: 'ICICI Direct: an answer that was not JSON' };
  const { Success, Error: error } = envelope.value;
  if (Success !== null && Success !== undefined && !error) return { ok: true, value: Success };
  const quoted = words(error ?? '', ...secrets) || 'an empty answer';
  return { ok: false, status: answer.status, body: { Error: error ?? '' }, words: `ICICI Direct: ${quoted}` };
}

/** Breeze wants a GET with a body, which fetch refuses. Null: no answer, or none that ends. */
function get(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string } | null> {
  return new Promise((resolve) => {
    const length = Buffer.byteLength(body);
    const call = request(
      url,
      {
        method: 'GET',
        headers: { 'Content-Type': 'application/json', 'Content-Length': length, ...headers },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      },
      async (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        try {
          for await (const chunk of response) {
            size += chunk.length;
            if (size > MAX_ANSWER_BYTES) return resolve(null);
            chunks.push(chunk);
          }
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
        } catch {
          resolve(null);
        }
      },
    );
    call.on('error', () => resolve(null));
    call.end(body);
  });
}
