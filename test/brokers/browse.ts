import { request } from 'node:https';
import type { Certificate } from './certificate.ts';
import { hostIn } from './hosts.ts';

/** Where a visit ends: it leaves for a URL that is none of the brokers', or stays on a page without a way on. */
export interface Visit {
  left: boolean;
  method: string;
  url: string;
  /** What a form post carries to the URL. */
  form: URLSearchParams;
  /** Every step on the way: `302 kite.zerodha.com/connect/login`. */
  steps: string[];
  status: number;
  /** The page it stays on. */
  body: string;
}

export type Jar = Map<string, string>;

/** Opens a URL as a person with a browser would: follows redirects, sends every form with the values it came with. */
export async function browse(port: number, { cert }: Certificate, url: string, jar: Jar = new Map()): Promise<Visit> {
  const steps: string[] = [];
  let next: Step | null = { method: 'GET', url, form: new URLSearchParams() };
  let here = { ...next, status: 0, body: '' };
  while (next !== null) {
    const { host, pathname } = new URL(next.url);
    here = { ...next, status: 0, body: '' };
    if (hostIn(host) === null) return { left: true, steps, ...here };
    if (steps.length > 20) break;
    const answer = await ask(port, cert, next, jar);
    here = { ...next, ...answer };
    steps.push(`${answer.status} ${host}${pathname}`);
    next = onward(next.url, answer);
  }
  return { left: false, steps, ...here };
}

interface Step {
  method: string;
  url: string;
  form: URLSearchParams;
}

interface Reply {
  status: number;
  location: string | undefined;
  body: string;
}

function onward(from: string, { location, body }: Reply): Step | null {
  const base = new URL(plain(/<base href="([^"]*)"/.exec(body)?.[1] ?? ''), from);
  const get = (url: string): Step => ({ method: 'GET', url: new URL(url, base).href, form: new URLSearchParams() });
  if (location !== undefined) return get(location);
  const link = /<a id="auto" href="([^"]*)"/.exec(body)?.[1];
  if (link !== undefined) return get(plain(link));
  const action = /<form [^>]*method="post" action="([^"]*)"/.exec(body)?.[1];
  if (action === undefined) return null;
  const inputs = [...body.matchAll(/<input [^>]*name="([^"]*)" value="([^"]*)"/g)];
  const form = new URLSearchParams(inputs.map(([, name = '', value = '']) => [plain(name), plain(value)]));
  return { method: 'POST', url: new URL(plain(action), base).href, form };
}

function ask(port: number, ca: string, { method, url, form }: Step, jar: Jar): Promise<Reply> {
  const { hostname, pathname, search } = new URL(url);
  const cookie = jar.get(hostname);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      ca,
      servername: hostname,
      method,
      path: pathname + search,
      agent: false,
      headers: { host: hostname, 'content-type': 'application/x-www-form-urlencoded', ...(cookie ? { cookie } : {}) },
    });
    outgoing.on('error', reject);
    outgoing.on('response', async (response) => {
      const set = response.headers['set-cookie']?.[0]?.split(';')[0];
      if (set !== undefined) jar.set(hostname, set);
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      resolve({ status: response.statusCode ?? 0, location: response.headers.location, body });
    });
    outgoing.end(method === 'POST' ? form.toString() : undefined);
  });
}

function plain(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}
