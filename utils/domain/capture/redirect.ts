import type { Broker } from '../../shared/brokers/broker.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { plainName, valuesOf } from '../../shared/brokers/names.ts';
import type { Companions } from '../../shared/contract.ts';
import { parseUrl, samePlace } from '../../shared/urls.ts';
import { bare, isNoToken, type Named, namedIn, readable } from './pasted.ts';

/** A request to a redirect URL as the browser shows it; `form` holds a posted body's fields. */
export interface RedirectRequest {
  url: string;
  form?: Readonly<Record<string, readonly string[]>>;
}

/** What a redirect carries; the companions only of a broker that has such. */
interface Login {
  token: string;
  state: string | null;
  companions?: Companions;
}

export type Reading =
  | ({ kind: 'login' } & Login)
  /** A login of this broker, but to another address than the registered one; `place` is that address without its query. */
  | ({ kind: 'elsewhere'; place: string } & Login)
  | {
      kind: 'none';
      reason:
        | 'no-url'
        | 'user-info'
        | 'other-place'
        | 'no-token'
        | 'several-tokens'
        | 'malformed-token'
        | 'malformed-companion'
        | 'not-a-login';
    };

// A broker's request is taken at any length that a browser carries (2 MB); another page could fill our memory with it.
const MAX_LENGTH = { broker: 2_100_000, others: 8_000 };

/** Whether a request names a token parameter of any broker: all that can be told before the settings are read. */
export function mayHoldToken({ url, form }: RedirectRequest, from: keyof typeof MAX_LENGTH = 'others'): boolean {
  if (url.length + JSON.stringify(form ?? {}).length > MAX_LENGTH[from]) return false;
  const parsed = parseUrl(url);
  const names = [...(parsed?.searchParams.keys() ?? []), ...Object.keys(form ?? {})];
  return names.some((name) => Object.values(brokers).some((broker) => isTokenName(broker, name)));
}

/** Reads a redirect against the registered URL: scheme, host, port and path must be equal, and exactly one token be there (CAP-04). */
export function readRedirect(broker: Broker, registered: string, request: RedirectRequest): Reading {
  const url = parseUrl(request.url);
  const expected = parseUrl(registered);
  if (!url || !expected) return { kind: 'none', reason: 'no-url' };
  if (hasUserInfo(url) || hasUserInfo(expected)) return { kind: 'none', reason: 'user-info' };

  const parameters = parametersOf(url, request.form);
  const reading = readParameters(broker, parameters);
  if (isPlace(broker, url, expected)) return reading;
  if (reading.kind !== 'login') return { kind: 'none', reason: 'other-place' };
  return { ...reading, kind: 'elsewhere', place: url.origin + url.pathname };
}

function hasUserInfo({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** Whether an address is the registered one, or what its broker makes of it. */
export function isPlace({ mayAddSlash }: Broker, url: URL, registered: URL): boolean {
  if (samePlace(url, registered)) return true;
  const isOpen = mayAddSlash && !registered.pathname.endsWith('/');
  return isOpen && url.origin === registered.origin && url.pathname === `${registered.pathname}/`;
}

/** Reads what a person pasted: a bare token, or whatever else names exactly one (CAP-13). */
export function readPaste(broker: Broker, pasted: string): Reading {
  const reading = readText(broker, readable(pasted));
  const isNone = reading.kind === 'login' && isNoToken(broker.token.names, reading.token);
  return isNone ? { kind: 'none', reason: 'malformed-token' } : reading;
}

function readText(broker: Broker, text: string): Reading {
  const alone = bare(text);
  if (broker.token.pattern.test(alone)) return { kind: 'login', token: alone, state: null };
  // Several lines are no address, though the URL class makes one of them.
  const url = /\s/.test(alone) ? null : parseUrl(alone);
  const reading = url ? readParameters(broker, parametersOf(url)) : null;
  if (reading && !(reading.kind === 'none' && reading.reason === 'no-token')) return reading;
  const named = namedAs(broker, text);
  if (named.length === 0) return { kind: 'none', reason: url || alone === '' ? 'no-token' : 'malformed-token' };
  return readNamed(broker, named);
}

function namedAs({ token }: Broker, text: string): Named[] {
  const named = token.names.flatMap((name) => namedIn(name, text));
  const { alias } = token;
  if (named.length > 0 || alias === undefined) return named;
  return namedIn(alias.name, text).filter(({ value }) => alias.pattern.test(value));
}

function readNamed(broker: Broker, named: readonly Named[]): Reading {
  const tokens = new Set(named.map(({ value }) => value));
  const [token = ''] = tokens;
  if (tokens.size > 1) return { kind: 'none', reason: 'several-tokens' };
  if (!broker.token.pattern.test(token)) return { kind: 'none', reason: 'malformed-token' };
  if (!named.every(({ query }) => broker.isLogin(query))) return { kind: 'none', reason: 'not-a-login' };
  const around = new URLSearchParams(named.flatMap(({ query }) => [...query]));
  const companions = companionsIn(broker, around);
  if (companions === 'malformed') return { kind: 'none', reason: 'malformed-companion' };
  const states = new Set(statesIn(broker, around));
  const state = states.size > 1 ? '' : ([...states][0] ?? null);
  return { kind: 'login', token, state, ...(companions ? { companions } : {}) };
}

/** The redirect URL without the token and the state, for an address bar. */
export function scrub(broker: Broker, text: string): string {
  const url = new URL(text);
  for (const name of [...url.searchParams.keys()]) {
    if (isOfLogin(broker, name)) url.searchParams.delete(name);
  }
  return url.href;
}

function readParameters(broker: Broker, parameters: URLSearchParams): Reading {
  const [token, ...others] = valuesOf(parameters, broker.token.names);
  if (token === undefined) return { kind: 'none', reason: 'no-token' };
  if (others.length > 0) return { kind: 'none', reason: 'several-tokens' };
  if (!broker.token.pattern.test(token)) return { kind: 'none', reason: 'malformed-token' };
  if (!broker.isLogin(parameters)) return { kind: 'none', reason: 'not-a-login' };
  const companions = companionsIn(broker, parameters);
  if (companions === 'malformed') return { kind: 'none', reason: 'malformed-companion' };
  const states = statesIn(broker, parameters);
  // Two states cannot both be ours; an impossible one makes the capture rules refuse.
  const state = states.length > 1 ? '' : (states[0] ?? null);
  return { kind: 'login', token, state, ...(companions ? { companions } : {}) };
}

/** The further values that the exchange needs; what is missing is for the receiver to name. */
function companionsIn({ companions }: Broker, parameters: URLSearchParams): Companions | null | 'malformed' {
  if (companions.length === 0) return null;
  const found: [string, string][] = [];
  for (const { name, names, pattern } of companions) {
    const [value, ...others] = valuesOf(parameters, names);
    if (value === undefined) continue;
    if (others.length > 0 || !pattern.test(value)) return 'malformed';
    found.push([name, value]);
  }
  return Object.fromEntries(found);
}

function statesIn(broker: Broker, parameters: URLSearchParams): string[] {
  return [...parameters].filter(([name]) => isState(broker, name)).map(([, value]) => value);
}

function parametersOf(url: URL, form: RedirectRequest['form'] = {}): URLSearchParams {
  const parameters = new URLSearchParams(url.search);
  for (const [name, values] of Object.entries(form)) for (const value of values) parameters.append(name, value);
  return parameters;
}

function isTokenName(broker: Broker, name: string): boolean {
  return broker.token.names.includes(plainName(name));
}

function isState({ stateParameter }: Broker, name: string): boolean {
  return stateParameter !== null && plainName(name) === plainName(stateParameter);
}

function isOfLogin(broker: Broker, name: string): boolean {
  const isCompanion = broker.companions.some(({ names }) => names.includes(plainName(name)));
  return isCompanion || isTokenName(broker, name) || isState(broker, name);
}
