import type { Broker } from '../../shared/brokers/broker.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { parseUrl, samePlace } from '../../shared/urls.ts';

/** A request to a redirect URL as the browser shows it; `form` holds a posted body's fields. */
export interface RedirectRequest {
  url: string;
  form?: Readonly<Record<string, readonly string[]>>;
}

export type Reading =
  | { kind: 'login'; token: string; state: string | null }
  /** A login of this broker, but to another address than the registered one; `place` is that address without its query. */
  | { kind: 'elsewhere'; place: string; token: string; state: string | null }
  | {
      kind: 'none';
      reason:
        | 'no-url'
        | 'user-info'
        | 'other-place'
        | 'no-token'
        | 'several-tokens'
        | 'malformed-token'
        | 'not-a-login';
    };

// A redirect is a few hundred characters; what is longer is no redirect, and a page could fill our memory with it.
const MAX_LENGTH = 8_000;

/** Whether a request names a token parameter of any broker: all that can be told before the settings are read. */
export function mayHoldToken({ url, form }: RedirectRequest): boolean {
  if (url.length + JSON.stringify(form ?? {}).length > MAX_LENGTH) return false;
  const parsed = parseUrl(url);
  const names = [...(parsed?.searchParams.keys() ?? []), ...Object.keys(form ?? {})];
  return names.some((name) => Object.values(brokers).some((broker) => isTokenName(broker, name)));
}

/** Reads a redirect against the registered URL: scheme, host, port and path must be equal, and exactly one token be there (CAP-04). */
export function readRedirect(broker: Broker, registered: string, request: RedirectRequest): Reading {
  const url = parseUrl(request.url);
  const expected = parseUrl(registered);
  if (!url || !expected) return { kind: 'none', reason: 'no-url' };
  if (url.username !== '' || url.password !== '') return { kind: 'none', reason: 'user-info' };

  const parameters = parametersOf(url, request.form);
  const reading = readParameters(broker, parameters);
  if (samePlace(url, expected)) return reading;
  if (reading.kind !== 'login') return { kind: 'none', reason: 'other-place' };
  return { ...reading, kind: 'elsewhere', place: url.origin + url.pathname };
}

/** Reads what a person pasted: a bare token, or the whole redirect URL with it (CAP-13). */
export function readPaste(broker: Broker, text: string): Reading {
  const trimmed = text.trim();
  if (broker.token.pattern.test(trimmed)) return { kind: 'login', token: trimmed, state: null };
  const url = parseUrl(trimmed);
  if (!url) return { kind: 'none', reason: trimmed === '' ? 'no-token' : 'malformed-token' };
  return readParameters(broker, parametersOf(url));
}

/** The redirect URL without the token and the state, for an address bar. */
export function scrub(broker: Broker, text: string): string {
  const url = new URL(text);
  for (const name of [...url.searchParams.keys()]) {
    if (isTokenName(broker, name) || name === broker.stateParameter) url.searchParams.delete(name);
  }
  return url.href;
}

function readParameters(broker: Broker, parameters: URLSearchParams): Reading {
  const tokens = new Set([...parameters].filter(([name]) => isTokenName(broker, name)).map(([, value]) => value));
  const [token] = tokens;
  if (token === undefined) return { kind: 'none', reason: 'no-token' };
  if (tokens.size > 1) return { kind: 'none', reason: 'several-tokens' };
  if (!broker.token.pattern.test(token)) return { kind: 'none', reason: 'malformed-token' };
  if (!broker.isLogin(parameters)) return { kind: 'none', reason: 'not-a-login' };
  const states = broker.stateParameter === null ? [] : parameters.getAll(broker.stateParameter);
  // Two states cannot both be ours; an impossible one makes the capture rules refuse.
  return { kind: 'login', token, state: states.length > 1 ? '' : (states[0] ?? null) };
}

function parametersOf(url: URL, form: RedirectRequest['form'] = {}): URLSearchParams {
  const parameters = new URLSearchParams(url.search);
  for (const [name, values] of Object.entries(form)) for (const value of values) parameters.append(name, value);
  return parameters;
}

// ICICI was seen to write apisession, API_Session and api_session.
function isTokenName(broker: Broker, name: string): boolean {
  return name.toLowerCase().replaceAll('_', '') === broker.token.parameter;
}
