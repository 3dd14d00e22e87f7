import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { check } from '../../utils/domain/base/check.ts';
import { type HttpResult, type Outcome, readSignedAnswer } from '../../utils/domain/delivery/answers.ts';
import { brokers } from '../../utils/shared/brokers/index.ts';
import { toBase32 } from '../../utils/shared/bytes.ts';
import {
  Answer,
  type BrokerId,
  CONTRACT_VERSION,
  deliveryId,
  deliveryText,
  HEADER,
  MAX_ANSWER_BYTES,
  type SessionCaptured,
  signedText,
} from '../../utils/shared/contract.ts';
import { parseJson } from '../../utils/shared/schema.ts';
import { MINUTE, SECOND } from '../../utils/shared/time.ts';

/** A receiver to play against, as the extension would know it. */
export interface Target {
  url: string;
  secret: string;
  account: string;
  broker: BrokerId;
}

/** What is sent otherwise than the extension would send it. `at` is in epoch ms. */
export interface Twist {
  id?: string;
  at?: number;
  secret?: string;
  /** An undefined one is left out. */
  headers?: Record<string, string | undefined>;
  /** The body goes out in pieces, without its length, as a streaming proxy sends it. */
  inPieces?: boolean;
}

/** What came back, and what the extension makes of it. */
export interface Reply {
  /** The id that was sent. */
  sentId: string;
  status: number | null;
  location: string | null;
  /** The id of the answer's header, and its time in epoch ms; null where there is none. */
  id: string | null;
  at: number | null;
  text: string;
  isSigned: boolean;
  answer: Answer | null;
  outcome: Outcome;
}

/** The extension's side of the contract towards one receiver. */
export interface Caller {
  target: Target;
  /** All that came back so far, and every token that went out. */
  replies: readonly Reply[];
  tokens: readonly string[];
  /** The headers that sign a body, now unless `at` says otherwise (epoch ms). */
  sign(id: string, body: string, at?: number, secret?: string): Record<string, string>;
  post(body: string, twist?: Twist): Promise<Reply>;
  check(twist?: Twist): Promise<Reply>;
  capture(message: SessionCaptured, twist?: Twist): Promise<Reply>;
  /** A token that nobody has used: made up, `begin` first, unless the caller was made with a better source. */
  token(begin: string): string;
  /** A delivery of a token, captured now unless `change` says otherwise. */
  captured(token: string, change?: Partial<SessionCaptured>): SessionCaptured;
}

const TIMEOUT_MS = 15 * SECOND;
const LIFETIME_MS = 2 * MINUTE;

export function createCaller(target: Target, token: Caller['token'] = madeUpToken): Caller {
  const { url, secret, account, broker } = target;
  const replies: Reply[] = [];
  const tokens: string[] = [];

  function sign(id: string, body: string, at = Date.now(), key = secret): Record<string, string> {
    const timestamp = String(Math.floor(at / SECOND));
    const signature = `v1,${hmac(key, signedText(id, timestamp, body)).toString('base64')}`;
    return { [HEADER.id]: id, [HEADER.timestamp]: timestamp, [HEADER.signature]: signature };
  }

  async function post(body: string, twist: Twist = {}): Promise<Reply> {
    const { id = freshId(), at, secret: key, headers = {}, inPieces = false } = twist;
    const signed = sign(id, body, at, key);
    const sentAt = Date.now();
    const all = { 'content-type': 'application/json', ...signed, ...headers };
    const { result, location } = await call(url, body, all, inPieces);
    const isSigned = isSignedWith(secret, result);
    const own: Pick<Answered['result'] & { kind: 'response' }, 'headers' | 'body'> =
      result.kind === 'response' ? result : { headers: {}, body: '' };
    const read = result.kind === 'response' ? check(Answer, parseJson(result.body)) : null;
    const reply: Reply = {
      sentId: headers[HEADER.id] ?? id,
      location,
      id: own.headers[HEADER.id] ?? null,
      at: HEADER.timestamp in own.headers ? Number(own.headers[HEADER.timestamp]) * SECOND : null,
      text: own.body,
      isSigned,
      status: result.kind === 'response' ? result.status : null,
      answer: read?.ok ? read.value : null,
      outcome: readSignedAnswer(result, { id, sentAt, at: Date.now() }, isSigned),
    };
    replies.push(reply);
    return reply;
  }

  return {
    target,
    replies,
    tokens,
    token,
    sign,
    post,
    check: (twist) => post(JSON.stringify({ version: CONTRACT_VERSION, type: 'session.check', account }), twist),
    capture: (message, twist) => {
      tokens.push(message.token.value);
      const id = deliveryId(hmac(secret, deliveryText(message.account, message.broker, message.token.value)));
      return post(JSON.stringify(message), { id, ...twist });
    },
    captured: (value, change = {}) => ({
      version: CONTRACT_VERSION,
      type: 'session.captured',
      account,
      broker,
      token: { kind: brokers[broker].token.kind, value, ...besides(broker) },
      captured_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + LIFETIME_MS).toISOString(),
      expected_user: null,
      ...change,
    }),
  };
}

/** What this broker's redirect carries beside the token, made up. */
function besides(broker: BrokerId): Pick<SessionCaptured['token'], 'with'> {
  const { companions } = brokers[broker];
  return companions.length === 0 ? {} : { with: Object.fromEntries(companions.map(({ name }) => [name, 'AB1234'])) };
}

/** A made-up token that no broker has given: letters and digits, `begin` first. */
export function madeUpToken(begin: string): string {
  return `${begin}${toBase32(crypto.getRandomValues(new Uint8Array(20)))}`.slice(0, 32);
}

function freshId(): string {
  return `chk_${toBase32(crypto.getRandomValues(new Uint8Array(17))).slice(0, 26)}`;
}

interface Answered {
  result: HttpResult;
  location: string | null;
}

/** One POST on a connection of its own: a receiver may hang up on what it refuses, and that is no failure of the next request. */
function call(
  url: string,
  body: string,
  headers: Record<string, string | undefined>,
  inPieces: boolean,
): Promise<Answered> {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((done) => {
    const fail = (error: Error) =>
      done({ location: null, result: { kind: error.name === 'TimeoutError' ? 'timeout' : 'unreachable' } });
    const length = inPieces ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(url, { method: 'POST', agent: false, signal, headers: { ...given, ...length } }, (response) =>
      read(response).then(done, fail),
    ).on('error', (error) => fail(signal.aborted ? signal.reason : error));
    if (inPieces) sent.write(body.slice(0, 9));
    sent.end(inPieces ? body.slice(9) : body);
  });
}

async function read(response: http.IncomingMessage): Promise<Answered> {
  const { statusCode: status = 0, headers } = response;
  if (isRedirect(status)) {
    response.destroy();
    return { location: headers.location ?? null, result: { kind: 'redirected' } };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return { location: null, result: { kind: 'too_large' } };
    chunks.push(chunk);
  }
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return {
    location: null,
    result: { kind: 'response', status, headers: flat, body: Buffer.concat(chunks).toString() },
  };
}

const isRedirect = (status: number) => status >= 300 && status < 400;

function isSignedWith(secret: string, result: HttpResult): boolean {
  if (result.kind !== 'response') return false;
  const { headers, body } = result;
  const expected = hmac(secret, signedText(headers[HEADER.id] ?? '', headers[HEADER.timestamp] ?? '', body));
  return (headers[HEADER.signature] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(text)
    .digest();
}
