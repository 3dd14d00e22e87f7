/** What `exchange` makes of a token: any JSON, the broker's user id, and when the session ends (epoch ms). */
export interface Session {
  user: string;
  ends?: number;
  [name: string]: unknown;
}

export type FeedState = 'subscribed' | 'live' | 'refused' | 'no_market_data';

export interface Yours {
  exchange(token: string): Promise<Session>;
  verify(session: Session): Promise<unknown>;
  /** Gives back the function that stops it. */
  feed?(
    session: Session,
    tell: (state: FeedState, why?: string | Error) => void,
  ): (() => unknown) | Promise<() => unknown>;
}

/** A call that was parked. */
export interface Call {
  number: number;
  name: string;
  /** Its arguments, as JSON. */
  given: string;
  key: string;
  state: 'parked' | 'queued' | 'running' | 'done' | 'failed' | 'needs_confirmation' | 'stale' | 'cancelled';
  parked_at: string;
  finished_at: string | null;
  took_ms: number | null;
  problem: string | null;
  result?: unknown;
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Why a token is not taken: a reason of the contract, and words for the person. */
export class Refused extends Error {
  constructor(reason: string, words?: string);
}

/** A call waits under `number`; give your page `answer`. */
export class AuthRequired extends Error {
  constructor(number?: number | null);
  number: number | null;
  answer: { auth_required: true; parked: number | null; error: string };
}

export function yours(functions: Yours): void;
export function trouble(): string | null;
export function start(): void;
export function current(): Session | null;

export function receive(header: (name: string) => string | null | undefined, body: Uint8Array): Promise<Answered>;
/** For Next.js, Hono, and what else speaks the web's own Request. */
export function answer(request: Request): Promise<Response>;
/** For node:http, Express and their kin. */
export function respond(
  request: import('node:http').IncomingMessage,
  response: import('node:http').ServerResponse,
): Promise<void>;

type Kept<Given extends unknown[], Result> = ((...given: Given) => Promise<Result>) & {
  /** The same under a key of your own: what is parked under one runs once. */
  keyed(key: string, ...given: Given): Promise<Result>;
};

export function reads<Given extends unknown[], Result>(
  name: string,
  run: (session: Session, ...given: Given) => Result | Promise<Result>,
): Kept<Given, Awaited<Result>>;

/** `within` is in seconds. */
export function acts<Given extends unknown[], Result>(
  name: string,
  rules: { within: number; lookUp?: (session: Session, key: string) => unknown },
  run: (session: Session, key: string, ...given: Given) => Result | Promise<Result>,
): Kept<Given, Awaited<Result>>;

export function calls(): Call[];
export function confirm(number: number | string): boolean;
export function cancel(number: number | string): boolean;
