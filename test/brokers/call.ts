import { request } from 'node:https';
import { parseJson } from '../../utils/shared/schema.ts';

interface Options {
  method?: string;
  headers?: Record<string, string>;
}

export interface Called {
  status: number;
  text: string;
  /** The body as JSON, `undefined` where it is none. */
  body: unknown;
}

/** One https request, as plain as it gets: `node:https` sends the body of a GET, which `fetch` refuses to. */
export function call(url: string, options: Options = {}, body = ''): Promise<Called> {
  return new Promise((resolve, reject) => {
    // Node announces no length for the body of a GET by itself, and the server would take it for the next request.
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
    // A broker that hangs up must not be hidden by a retry on another kept connection.
    const outgoing = request(url, { agent: false, ...options, headers: { ...options.headers, ...length } });
    outgoing.on('error', reject);
    outgoing.on('response', async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode ?? 0, text, body: parseJson(text) });
    });
    outgoing.end(body);
  });
}
