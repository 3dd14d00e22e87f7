import { parseJson } from '../../../../utils/shared/schema.ts';
import { type Failure, REQUEST_TIMEOUT_MS, type Reply, words } from '../client.ts';

const MAX_ANSWER_BYTES = 1_048_576;

/** One call of a broker's REST API. `secrets` are masked wherever the broker quotes them. */
interface JsonCall {
  broker: string;
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string>;
  /** An object goes as JSON, parameters as a form, a text as it is. */
  body?: object | URLSearchParams | string;
  secrets: readonly string[];
}

export interface JsonAnswer {
  status: number;
  body: unknown;
}

/** What came back, whatever it says; a failure where no JSON came back. */
async function callJson({ broker, method, url, headers = {}, body, secrets }: JsonCall): Promise<JsonAnswer | Failure> {
  const isText = body === undefined || typeof body === 'string' || body instanceof URLSearchParams;
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...(isText ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    const answer = text.length > MAX_ANSWER_BYTES ? undefined : parseJson(text);
    if (typeof answer === 'object' && answer !== null) return { status: response.status, body: answer };
    return failure(broker, response.status, null, 'an answer that was not JSON', secrets);
  } catch {
    // A key with a character that no header can carry throws before anything is sent.
    return failure(broker, 0, null, 'no answer', secrets);
  }
}

type Ask = (
  call: Pick<JsonCall, 'method' | 'url' | 'headers' | 'body'>,
  ...secrets: string[]
) => Promise<Reply<unknown>>;

/** The way to ask one broker. `refusalIn`: the words with which an answer refuses, or null where it is a success. */
export function createAsk(
  broker: string,
  known: readonly string[],
  refusalIn: (answer: JsonAnswer) => string | null,
): Ask {
  return async (call, ...more) => {
    const secrets = [...known, ...more];
    const answer = await callJson({ broker, secrets, ...call });
    if ('ok' in answer) return answer;
    const said = refusalIn(answer);
    return said === null
      ? { ok: true, value: answer.body }
      : failure(broker, answer.status, answer.body, said, secrets);
  };
}

/** A broker's refusal, in words that are fit for a person. */
function failure(broker: string, status: number, body: unknown, said: string, secrets: readonly string[]): Failure {
  return { ok: false, status, body, words: `${broker}: ${words(said, ...secrets) || 'an answer without words'}` };
}
