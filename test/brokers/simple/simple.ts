import { createHash, randomBytes } from 'node:crypto';
import { parseJson } from '../../../utils/shared/schema.ts';
import { nextIst } from '../../../utils/shared/time.ts';
import type { App } from '../kite/practice.ts';
import { type Answer, type Asked, type Exchange, html, json, redirect, type Seen, withQuery } from '../message.ts';
import { follow, form, page } from '../page.ts';

type Pairs = [string, string][];

/** A login as its address asks for it. */
export interface AskedLogin {
  apiKey: string;
  /** The redirect URL that the address names; null where the broker takes the registered one. */
  redirectUrl: string | null;
  state: string | null;
}

/** What an exchange came to. `spent`: used, too old, or never given. */
export type Outcome = 'accepted' | 'spent' | 'secret' | 'key' | `fault:${string}`;

export interface Code {
  code: string;
  apiKey: string;
  userId: string;
  issuedAt: number;
  isSpent: boolean;
}

export interface SimpleSession {
  apiKey: string;
  userId: string;
  accessToken: string;
  expiresAt: number;
}

/** What a broker of this kind is: a login page, a redirect with a code, one exchange, one call that tells whose session it is. */
export interface Description {
  id: string;
  /** The hosts of login and API; the login's page is on `pageHost`. */
  hosts: readonly string[];
  pageHost: string;
  app: App;
  codeLifeMs: number;
  /** IST, as `[3, 30]`. */
  endsAt: readonly [hour: number, minute: number];
  newCode(): string;
  /** The form of an access token; letters and digits unless it says otherwise. */
  newAccessToken?(expiresAt: number): string;
  /** What this broker makes of a registered redirect URL. */
  place?(redirectUrl: string): string;
  /** The login that a request begins, the answer that refuses it, or null where it begins none. */
  login(asked: Asked, simple: Simple): AskedLogin | Answer | null;
  /** The redirect's parameters. */
  query(code: Code, login: AskedLogin): Pairs;
  /** What a login that failed adds to the redirect, beside a code that nobody gave; null: such a login ends on a page. */
  failed: Pairs | null;
  /** True where an exchange that fails uses the code up. */
  isSpentByFailure: boolean;
  /** True where the exchange names no user, so that the profile is asked for it: then a profile that fails breaks the exchange. */
  isNamedByProfile?: boolean;
  /** False where neither exchange nor profile names a user: then another one's session looks like one's own. */
  namesUser?: boolean;
  api(asked: Asked, simple: Simple): Answer;
  /** Each further way to misbehave: in a sentence, and the answer. */
  exchangeFaults: Readonly<Record<string, readonly [says: string, answer: Answer]>>;
  /** What can go wrong before the login page, by its name. */
  beginFaults?: Readonly<Record<string, string>>;
  profileFaults: Readonly<Record<string, readonly [says: string, answer: Answer]>>;
}

/** A practice broker of one description: its books, its switches. */
export interface Simple {
  readonly description: Description;
  /** `script`: the page sends the browser on. `header`: the broker's redirect does. */
  shape: { departs: 'script' | 'header' };
  has(fault: string): boolean;
  now(): number;
  readonly apps: Map<string, App>;
  readonly codes: Map<string, Code>;
  readonly sessions: Map<string, SimpleSession>;
  /** Consents that were made for a login, with the API key of each. */
  readonly consents: Map<string, string>;
  readonly exchanges: Exchange<Outcome>[];
  readonly requests: Seen[];
  register(app: App): void;
  /** A code without a browser. */
  issue(apiKey: string, userId?: string): string;
  /** Trades a code for a session; `isProven`: the app's secret fits. */
  exchange(
    apiKey: string,
    code: string,
    isProven: (app: App) => boolean,
  ): { outcome: Outcome; session: SimpleSession | null };
  session(accessToken: string): SimpleSession | null;
  endSession(): void;
  forget(): void;
}

/** The user that the fault `other-user` answers with. */
const OTHER_USER = 'ZZ9999';

export function createSimple(description: Description, faults: ReadonlySet<string>, now: () => number): Simple {
  const { id, codeLifeMs, endsAt, isSpentByFailure } = description;
  const [hour, minute] = endsAt;
  const simple: Simple = {
    description,
    shape: { departs: 'script' },
    has: (fault) => faults.has(`${id}.${fault}`),
    now,
    apps: new Map([[description.app.apiKey, description.app]]),
    codes: new Map(),
    sessions: new Map(),
    consents: new Map(),
    exchanges: [],
    requests: [],
    register(app) {
      simple.apps.set(app.apiKey, app);
    },
    issue(apiKey, userId = simple.apps.get(apiKey)?.userId ?? '') {
      const code = description.newCode();
      simple.codes.set(code, { code, apiKey, userId, issuedAt: now(), isSpent: false });
      return code;
    },
    exchange(apiKey, code, isProven) {
      const outcome = judge(apiKey, code, isProven);
      simple.exchanges.push({ at: now(), token: code, outcome });
      const issued = simple.codes.get(code);
      if (issued && (outcome === 'accepted' || isSpentByFailure)) issued.isSpent = true;
      const session = outcome === 'accepted' && issued ? open(issued) : null;
      return { outcome, session };
    },
    session(accessToken) {
      const session = simple.sessions.get(accessToken);
      return session !== undefined && session.expiresAt > now() ? session : null;
    },
    endSession: () => simple.sessions.clear(),
    forget() {
      simple.exchanges.length = 0;
      simple.requests.length = 0;
    },
  };

  function judge(apiKey: string, code: string, isProven: (app: App) => boolean): Outcome {
    const fault = Object.keys(description.exchangeFaults).find((name) => simple.has(`exchange.${name}`));
    if (fault !== undefined) return `fault:${fault}`;
    const app = simple.apps.get(apiKey);
    if (app === undefined) return 'key';
    const issued = simple.codes.get(code);
    const isGood = issued?.apiKey === apiKey && !issued.isSpent && now() - issued.issuedAt <= codeLifeMs;
    if (!isGood) return 'spent';
    return isProven(app) ? 'accepted' : 'secret';
  }

  function open({ apiKey, userId }: Code): SimpleSession {
    for (const old of simple.sessions.values()) if (old.apiKey === apiKey) simple.sessions.delete(old.accessToken);
    const user = simple.has('exchange.other-user') ? OTHER_USER : userId;
    const expiresAt = nextIst(hour, minute, now());
    const accessToken = description.newAccessToken?.(expiresAt) ?? random(48);
    const session = { apiKey, userId: user, accessToken, expiresAt };
    simple.sessions.set(session.accessToken, session);
    return session;
  }
  return simple;
}

/** What this broker answers on any of its hosts. */
export function answerOf(simple: Simple): (asked: Asked) => Answer {
  const { description } = simple;
  const pending = new Map<string, AskedLogin>();
  const FLOW = '/practice-login';

  function begin(login: AskedLogin): Answer {
    const flow = random(16);
    pending.set(flow, login);
    // On some brokers' own page the login has another client id, which is nobody's key.
    return redirect(
      withQuery(`https://${description.pageHost}${FLOW}`, [
        ['flow', flow],
        ['client_id', 'IND-internal'],
      ]),
    );
  }

  function show(flow: string, app: App): Answer {
    const fields = [
      { name: 'user_id', label: 'User ID', value: app.userId },
      { name: 'pin', label: 'PIN', value: '000000', type: 'password' as const },
    ];
    return html(page('Log in to practice trading', form(withQuery(FLOW, [['flow', flow]]), fields, 'Log in')));
  }

  function depart(login: AskedLogin, app: App, userId: string): Answer {
    const code = simple.codes.get(simple.issue(login.apiKey, userId));
    if (code === undefined) throw new Error('no code was issued');
    const isFailed = simple.has('login.failed');
    if (isFailed && description.failed === null) return html(page('The login failed', ''));
    const query = isFailed
      ? [...description.query({ ...code, code: description.newCode() }, login), ...(description.failed ?? [])]
      : description.query(code, login);
    const registered = login.redirectUrl ?? app.redirectUrl;
    const url = withQuery(description.place?.(registered) ?? registered, query);
    return simple.shape.departs === 'header' ? redirect(url) : html(page('Logged in', follow(url)));
  }

  return (asked) => {
    const login = description.login(asked, simple);
    if (login !== null) return login === 'hang-up' || 'status' in login ? login : begin(login);
    if (asked.host !== description.pageHost || asked.path !== FLOW) return description.api(asked, simple);
    const flow = asked.query.get('flow') ?? '';
    const known = pending.get(flow);
    const app = simple.apps.get(known?.apiKey ?? '');
    if (known === undefined || app === undefined) return html(page('Page not found', ''), 404);
    if (asked.method !== 'POST') return show(flow, app);
    return depart(known, app, new URLSearchParams(asked.body).get('user_id') || app.userId);
  };
}

/** The answer to an exchange: what the description says of each outcome, or the fault that is switched on. */
export function exchangeAnswer(
  simple: Simple,
  { outcome, session }: { outcome: Outcome; session: SimpleSession | null },
  accepted: (session: SimpleSession) => Answer,
  refused: Readonly<Record<'spent' | 'secret' | 'key', Answer>>,
): Answer {
  if (simple.has('exchange.lost')) return 'hang-up';
  if (session !== null) return accepted(session);
  if (outcome === 'spent' || outcome === 'secret' || outcome === 'key') return refused[outcome];
  return simple.description.exchangeFaults[outcome.slice('fault:'.length)]?.[1] ?? json({}, 500);
}

/** The answer to the profile's call where a fault is switched on, else null. */
export function profileFault(simple: Simple): Answer | null {
  const faults = Object.entries(simple.description.profileFaults);
  return faults.find(([name]) => simple.has(`profile.${name}`))?.[1][1] ?? null;
}

/** The user that the profile names. */
export function shownUser(simple: Simple, { userId }: SimpleSession): string {
  return simple.has('profile.other-user') ? OTHER_USER : userId;
}

/** Letters and digits. */
export function random(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length);
}

/** A JWT that nobody could prove. */
export function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part({ ...claims, jti: random(8) })}.${random(43)}`;
}

/** The session of a header's token: `Bearer …`. */
export function bearer(simple: Simple, { headers }: Asked): SimpleSession | null {
  return simple.session(/^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
}

export function sha256hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The posted JSON, or an empty object. */
export function posted({ body }: Asked): Record<string, unknown> {
  const value = parseJson(body);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A firewall's page. */
export const FIREWALL = html('<html><head><title>403 Forbidden</title></head><body>403 Forbidden</body></html>', 403);
