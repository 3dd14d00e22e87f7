import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { check } from '../../utils/domain/base/check.ts';
import {
  BrokerId,
  type FeedState,
  GROWTH,
  HEADER,
  maskUser,
  type QueueState,
  REFUSAL_STATUS,
  type RefusalReason,
  Request,
  type SessionCaptured,
  type SessionCheck,
  type SessionState,
} from '../../utils/shared/contract.ts';
import { parseJson, type z } from '../../utils/shared/schema.ts';

/** What a receiver can get wrong, and the rule that has to find it. */
export const FLAWS = {
  redirect: 'redirect',
  'login in front': 'redirect',
  proof: 'proof',
  'other id': 'proof',
  'report without a field': 'proof',
  'large report': 'proof',
  report: 'report',
  signature: 'signature',
  'signature by its beginning': 'signature',
  'signature of any body': 'signature',
  'half a signature': 'signature',
  'no header, no signature': 'signature',
  'any signature of a token': 'signature',
  'wrong signature misnamed': 'signature',
  'raw-bytes': 'raw-bytes',
  'deaf to pieces': 'pieces',
  skew: 'skew',
  'skew to one side': 'skew',
  'stale misnamed': 'skew',
  'skew of a token': 'skew',
  'safe-id': 'safe-id',
  'id of any length': 'safe-id',
  'id with dots': 'safe-id',
  version: 'version',
  'version misnamed': 'version',
  'version of a token': 'version',
  talkative: 'quiet',
  malformed: 'malformed',
  'any token': 'malformed',
  'any end': 'malformed',
  'any expected user': 'malformed',
  'a fault at null': 'malformed',
  account: 'account',
  'account misnamed': 'account',
  'account of a token': 'account',
  'other broker': 'broker',
  'unknown broker misnamed': 'broker',
  'broker by a look into an object': 'broker',
  'unknown broker without its name': 'broker',
  refusals: 'refusals',
  'too-large': 'too-large',
  'a larger limit': 'too-large',
  'a smaller limit': 'too-large',
  'dry-run': 'dry-run',
  spent: 'spent',
  'queue that acts': 'queue',
  'queue out of order': 'queue',
  'queue that forgets': 'queue',
  'queue that doubles': 'queue',
  'feed that never ticked': 'feed',
  twice: 'twice',
  parallel: 'parallel',
  'in progress for ever': 'parallel',
  replay: 'replay',
  named: 'named',
  'applied without its session': 'named',
  user: 'user',
  'another user forgotten': 'user',
  ahead: 'ahead',
  'ahead for ever': 'ahead',
  'ahead by minutes': 'ahead',
  superseded: 'superseded',
  'one-token': 'one-token',
  'another value beside': 'growth',
  'another value beside without its name': 'growth',
  'no consent': 'growth',
  'no revision': 'wait',
  'a revision of its own for each report': 'wait',
  'wait at once': 'wait',
  'wait for ever': 'wait',
  'wait of any length': 'wait',
  'wait that no login ends': 'wait',
  'refusal of another id': 'same-id',
  'late times': 'times',
  'time of the header': 'times',
  statuses: 'statuses',
  'status of a success': 'statuses',
  'long words': 'lengths',
  'long queue': 'lengths',
  unmasked: 'masked',
  echo: 'echo',
} as const;
export type Flaw = keyof typeof FLAWS;

type Reply =
  | {
      type: 'session.report';
      account: string;
      session: SessionState;
      feed: FeedState;
      queue: QueueState;
      understands: readonly string[];
      revision?: string;
      waited_ms?: number;
    }
  | { type: 'session.consented'; consent: string }
  | { type: 'session.applied'; status: 'applied' | 'replayed' | 'dry_run' }
  | { type: 'session.refused'; reason: RefusalReason; message?: string };

type Message = z.infer<typeof Request>;

/** How many bytes a receiver reads whose flaw is its limit. */
const LIMITS: Partial<Record<Flaw, number>> = {
  'too-large': 2_000_000,
  'a larger limit': 100_000,
  'a smaller limit': 4_096,
};

/** As the rule for parallel posts sends them. */
const POSTS_AT_ONCE = 10;
/** Longer than the longest wait and a slow way there and back. */
const TOO_LONG_MS = 6_000;
const ACCOUNT = 'zerodha';
const USER = 'AB1234';
const NOTHING: SessionState = {
  state: 'none',
  delivery: null,
  user: null,
  exchanged_at: null,
  verified_at: null,
  expires_at: null,
};

/** A receiver that is right but for one flaw; to it a token that begins with `Spent` is a used one. */
export async function openReceiver(secret: string, flaw: Flaw | null) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const sign = (id: string, at: string, body: string | Buffer) =>
    `v1,${createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest('base64')}`;
  const tokens = new Map<string, string>();
  const companions = new Map<string, string>();
  const answers = new Map<string, Reply>();
  const sessions = new Map<string, SessionState>();
  const underWay = new Map<string, Promise<Reply>>();
  const arrived = new Map<string, number>();
  const { promise: allArrived, resolve: allThere } = Promise.withResolvers<void>();
  /** What a flaw remembers that it should not. */
  const marked = new Set<string>();
  const limit = (flaw !== null && LIMITS[flaw]) || 8_192;
  let session = NOTHING;
  let newest = '';
  const began = Date.now();
  let turn: Promise<unknown> = Promise.resolve();

  const server = createServer((request, response) => {
    const to = flaw === 'redirect' ? '/final' : flaw === 'login in front' ? '/accounts/login/?next=/' : null;
    if (to !== null && request.url !== '/final') response.writeHead(307, { location: to }).end();
    else void receive(request, response);
  });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isDeaf = flaw === 'deaf to pieces' && request.headers['content-length'] === undefined;
    const all = Buffer.concat(await request.toArray());
    const body = isDeaf ? Buffer.alloc(0) : all;
    const [given = '', at = '', signature = ''] = Object.values(HEADER).map((name) => String(request.headers[name]));
    const id = isSafe(given) ? given : '';
    const hasNone = flaw === 'no header, no signature' && request.headers[HEADER.signature] === undefined;
    const refusal = guard(id, at, hasNone ? sign(id, at, signedBody(body)) : signature, body);
    const reply = refusal ? refusedFor(refusal, body) : await handle(id, JSON.parse(body.toString()));
    const isRefusal = reply.type === 'session.refused';
    const isTalkative = flaw === 'talkative' && refusal === 'bad_signature';
    const own = flaw === 'applied without its session' ? NOTHING : session;
    const shown = reply.type === 'session.applied' || isTalkative ? { session: own } : {};
    const isOther = flaw === 'other id' || (flaw === 'refusal of another id' && isRefusal && refusal === null);
    const lateMs = flaw === 'late times' && !isRefusal && reply.type !== 'session.report' ? 600_000 : 0;
    const names = { id: isOther ? 'another' : id, server_time: new Date(Date.now() - lateMs).toISOString() };
    const filler = flaw === 'large report' ? ' '.repeat(70_000) : '';
    const text = JSON.stringify({ ...shown, ...reply, ...names }) + filler;
    const now = String(Math.floor(Date.now() / 1_000) - (flaw === 'time of the header' ? 600 : 0));
    const isUnsigned = flaw === 'proof' || (flaw === 'refusals' && refusal !== null);
    const signed = { [HEADER.id]: id, [HEADER.timestamp]: now, [HEADER.signature]: sign(id, now, text) };
    const status = flaw === 'statuses' && isRefusal && reply.reason === 'wrong_account' ? 403 : statusOf(reply);
    response.writeHead(status, { 'content-type': 'application/json', ...(isUnsigned ? {} : signed) }).end(text);
  }

  function isSafe(id: string): boolean {
    if (flaw === 'safe-id') return true;
    if (flaw === 'id with dots') return /^[A-Za-z0-9._-]{1,64}$/.test(id);
    return flaw === 'id of any length' ? /^[A-Za-z0-9_-]+$/.test(id) : /^[A-Za-z0-9_-]{1,64}$/.test(id);
  }

  /** A refusal that names the broker where nobody knows it, and the words that are too many where that is the flaw. */
  function refusedFor(reason: RefusalReason, body: Buffer): Reply {
    const { broker } = Object(parseJson(body.toString()));
    const isStrange = reason === 'bad_request' && typeof broker === 'string' && !BrokerId.safeParse(broker).success;
    if (isStrange && flaw !== 'unknown broker without its name')
      return { ...refused(reason), message: `unknown broker ${broker}` };
    if (isStrange) return { ...refused(reason), message: 'no' };
    return flaw === 'long words' && reason === 'wrong_account'
      ? { ...refused(reason), message: 'no '.repeat(70) }
      : refused(reason);
  }

  function statusOf(reply: Reply): number {
    if (reply.type === 'session.refused') return REFUSAL_STATUS[reply.reason];
    return flaw === 'status of a success' && reply.type === 'session.applied' ? 202 : 200;
  }

  function guard(id: string, at: string, signature: string, body: Buffer): RefusalReason | null {
    const given = Buffer.from(signature);
    const expected = Buffer.from(sign(id, at, signedBody(body)));
    const fits = given.length === expected.length && timingSafeEqual(given, expected);
    const isEnough = flaw === 'signature by its beginning' && expected.subarray(0, given.length).equals(given);
    const isAnyBody = flaw === 'signature of any body' && signature === sign(id, at, '{}');
    const isHalf = flaw === 'half a signature' && expected.subarray(0, 20).equals(given.subarray(0, 20));
    const isToken = Object(parseJson(body.toString())).type === 'session.captured';
    const isAnyToken = flaw === 'any signature of a token' && isToken;
    if (id === '' || (!fits && !isEnough && !isAnyBody && !isHalf && !isAnyToken && flaw !== 'signature'))
      return flaw === 'wrong signature misnamed' ? 'bad_request' : 'bad_signature';
    const late = Date.now() / 1_000 - Number(at);
    const isFresh = flaw === 'skew to one side' ? late <= 300 : Math.abs(late) <= 300;
    if (flaw !== 'skew' && !(flaw === 'skew of a token' && isToken) && !isFresh)
      return flaw === 'stale misnamed' ? 'bad_signature' : 'stale_timestamp';
    if (body.length > limit) return 'bad_request';
    return readable(body) ?? foreign(JSON.parse(body.toString()));
  }

  function signedBody(body: Buffer): string | Buffer {
    return flaw === 'raw-bytes' ? (JSON.stringify(parseJson(body.toString())) ?? body) : body;
  }

  function readable(body: Buffer): RefusalReason | null {
    const message = parseJson(body.toString());
    if (check(Request, message).ok) return null;
    if (flaw === 'a fault at null' && body.toString() === 'null') return 'unavailable';
    const { version, type, token, captured_at, broker, expires_at, expected_user, wait } = Object(message);
    if (flaw === 'wait of any length' && Object(wait).ms > 5_000) return null;
    if (version === 2 && flaw === 'version of a token' && type === 'session.captured') return null;
    if (version === 2 && flaw === 'version') return null;
    if (version === 2 && flaw === 'version misnamed') return 'configuration';
    if (version !== 1) return 'bad_request';
    if (flaw === 'broker by a look into an object' && broker === 'constructor') return 'unavailable';
    if (flaw === 'unknown broker misnamed' && !BrokerId.safeParse(broker).success && type === 'session.captured')
      return 'wrong_account';
    if (flaw === 'malformed' && type === 'session.captured' && captured_at === 'yesterday') return null;
    if (flaw === 'any end' && expires_at === 'tomorrow') return null;
    if (flaw === 'any expected user' && typeof expected_user === 'number') return null;
    return flaw === 'any token' && /^\.\./.test(Object(token).value) ? null : 'bad_request';
  }

  function foreign(message: Message): RefusalReason | null {
    const isAnyAccount = flaw === 'account of a token' && message.type === 'session.captured';
    if (flaw !== 'account' && !isAnyAccount && message.account !== ACCOUNT)
      return flaw === 'account misnamed' ? 'configuration' : 'wrong_account';
    if (message.type !== 'session.captured') return null;
    if (flaw !== 'other broker' && message.broker !== ACCOUNT) return 'wrong_account';
    const isAhead = Date.parse(message.captured_at) > Date.now() + (flaw === 'ahead by minutes' ? 5_000 : 300_000);
    const wasAhead = flaw === 'ahead for ever' && marked.has(message.token.value);
    if (isAhead) marked.add(message.token.value);
    return (isAhead && flaw !== 'ahead') || wasAhead ? 'stale_timestamp' : null;
  }

  async function handle(id: string, message: Message): Promise<Reply> {
    if (message.type === 'session.consent')
      return flaw === 'no consent' ? refused('bad_request') : { type: 'session.consented', consent: 'made-up' };
    if (message.type === 'session.check') {
      const waited_ms = message.wait && (await hold(message.wait));
      return {
        type: 'session.report',
        account: message.account,
        session: told(),
        feed: feedNow(),
        queue: queueNow(),
        understands: GROWTH,
        revision: flaw === 'no revision' ? undefined : revision(),
        waited_ms,
      };
    }
    if (message.dry_run && flaw !== 'dry-run') return { type: 'session.applied', status: 'dry_run' };
    if (flaw === 'parallel') return apply(id, message);
    // Forgets with the end of the exchange what it knew during it.
    if (flaw === 'twice') {
      arrived.set(id, (arrived.get(id) ?? 0) + 1);
      if (arrived.get(id) === POSTS_AT_ONCE) allThere();
      return (await underWay.get(id)?.then(replayed)) ?? coalesce(id, message);
    }
    if (flaw === 'in progress for ever') {
      if (underWay.has(id)) marked.add(id);
      return marked.has(id) ? refused('in_progress') : coalesce(id, message);
    }
    const mine = turn.then(() => apply(id, message));
    turn = mine;
    return mine;
  }

  /** Looks again and again, as long as the report would tell the same. */
  async function hold({ after, ms }: NonNullable<SessionCheck['wait']>): Promise<number | undefined> {
    if (after !== revision() || flaw === 'wait at once') return undefined;
    const since = performance.now();
    const longest = flaw === 'wait for ever' ? TOO_LONG_MS : ms;
    while ((after === revision() || flaw === 'wait that no login ends') && performance.now() - since < longest)
      await new Promise((passed) => setTimeout(passed, 10));
    return Math.round(performance.now() - since);
  }

  function revision(): string {
    const said = flaw === 'a revision of its own for each report' ? performance.now() : session;
    return createHash('sha256').update(JSON.stringify(said)).digest('base64url');
  }

  /** A session that contradicts itself, where that is the flaw. */
  function told(): SessionState {
    if (flaw === 'report without a field') return JSON.parse(JSON.stringify({ ...session, expires_at: undefined }));
    return flaw === 'report' && session === NOTHING ? { ...session, user: maskUser(USER) } : session;
  }

  function feedNow(): FeedState {
    const at = session.exchanged_at === null || flaw === 'feed that never ticked' ? null : session.exchanged_at;
    const state = session.exchanged_at === null ? 'off' : 'live';
    return { state, first_tick_at: at, last_tick_at: at, source: null };
  }

  /** Two reads that were parked and run with the first session, and an order that waits for a person. */
  function queueNow(): QueueState {
    const ends = session.exchanged_at === null ? [] : flaw === 'queue out of order' ? [2, 1] : [1, 2];
    const hasActed = flaw === 'queue that acts' && ends.length > 0;
    const jobs = [1, 2, 3].map((number): QueueState['latest'][number] => {
      const end = ends[number - 1] ?? (hasActed ? 3 : undefined);
      const waits = number === 3 ? 'needs_confirmation' : 'parked';
      const finished_at = end === undefined ? null : new Date(began + end * 1_000).toISOString();
      const parked_at = new Date(began + number).toISOString();
      return {
        id: `job_${number}`,
        label: 'quote',
        state: end === undefined ? waits : 'done',
        parked_at,
        finished_at,
        took_ms: null,
      };
    });
    const counts = { queued: 0, running: 0, failed: 0, needs_confirmation: hasActed ? 0 : 1 };
    const doubled = flaw === 'queue that doubles' ? jobs.slice(0, 1) : [];
    const kept = flaw === 'queue that forgets' && ends.length > 0 ? jobs.slice(1) : jobs;
    const more =
      flaw === 'long queue' ? Array.from({ length: 18 }, (_, at) => ({ ...ended(at), id: `old_${at}` })) : [];
    return {
      ...counts,
      parked: 2 - ends.length,
      done: ends.length + (hasActed ? 1 : 0),
      latest: [...kept, ...doubled, ...more],
    };
  }

  function ended(at: number): Omit<QueueState['latest'][number], 'id'> {
    const time = new Date(began - at * 1_000).toISOString();
    return { label: 'quote', state: 'done', parked_at: time, finished_at: time, took_ms: null };
  }

  function coalesce(id: string, message: SessionCaptured): Promise<Reply> {
    const mine = apply(id, message).finally(() => underWay.delete(id));
    underWay.set(id, mine);
    return mine;
  }

  async function apply(id: string, { token, captured_at, expected_user }: SessionCaptured): Promise<Reply> {
    const known = tokens.get(id);
    if (known !== undefined && known !== token.value && flaw !== 'one-token') return refused('bad_request');
    const another = anotherBeside(id, token);
    if (another !== null) return another;
    const answered = answers.get(id);
    if (flaw === 'replay') session = sessions.get(id) ?? session;
    if (answered) return answered;
    const keep = (reply: Reply, later = reply): Reply => {
      if (flaw !== 'twice' || reply.type === 'session.refused') answers.set(id, later);
      tokens.set(id, token.value);
      return reply;
    };
    if (flaw !== 'superseded' && captured_at < newest) return keep(refused('superseded'));
    await new Promise((exchanged) => setTimeout(exchanged, 100));
    // On a slow machine the last of them comes after the exchange, which is no post at the same time.
    if (flaw === 'twice' && token.value.startsWith('Parallel')) await allArrived;
    if (token.value.startsWith('Spent')) {
      const reply = refused('token_spent');
      return flaw === 'spent'
        ? refused('unavailable')
        : keep(flaw === 'echo' ? { ...reply, message: token.value } : reply);
    }
    if (flaw !== 'user' && USER !== (expected_user ?? USER)) {
      if (flaw !== 'another user forgotten') return keep(refused('wrong_account'));
      const isAgain = marked.has(id);
      marked.add(id);
      return refused(isAgain ? 'unavailable' : 'wrong_account');
    }
    newest = captured_at;
    const now = new Date().toISOString();
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const delivery = flaw === 'named' ? null : id;
    const user = flaw === 'unmasked' ? USER : maskUser(USER);
    session = { state: 'verified', delivery, user, exchanged_at: now, verified_at: now, expires_at };
    sessions.set(id, session);
    const reply: Reply = { type: 'session.applied', status: 'applied' };
    return keep(reply, replayed(reply));
  }

  /** The refusal of another value beside a token than came with it before. */
  function anotherBeside(id: string, token: SessionCaptured['token']): Reply | null {
    const given = JSON.stringify(token.with ?? {});
    const before = companions.get(id) ?? given;
    companions.set(id, before);
    if (before === given || flaw === 'another value beside') return null;
    const message = flaw === 'another value beside without its name' ? 'no' : 'token.with is another one';
    return { ...refused('bad_request'), message };
  }

  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const refused = (reason: RefusalReason) => ({ type: 'session.refused', reason }) as const;
const replayed = (reply: Reply): Reply =>
  reply.type === 'session.applied' ? { type: 'session.applied', status: 'replayed' } : reply;
