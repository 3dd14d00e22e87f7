import { AccountName, BrokerId, UserId } from '../../shared/contract.ts';
import { RedirectMode, Secret } from '../../shared/pairing.ts';
import { z } from '../../shared/schema.ts';
import { DestinationUrl, parseUrl, RedirectUrl } from '../../shared/urls.ts';
import { wrong } from '../base/check.ts';
import { isOpen, isPlaceholder } from './placeholders.ts';
import { AccountClock } from './preferences.ts';

export const Id = z.string().check(z.regex(/^[a-z0-9]{8,32}$/, wrong('id')));

const ApiKey = z.string().check(z.minLength(1), z.maxLength(200));
// Every character that a header's name may have: https://www.rfc-editor.org/rfc/rfc9110#name-tokens
const HeaderName = z.string().check(
  z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}$/, wrong('header_name')),
  // A browser drops these without a word: https://fetch.spec.whatwg.org/#forbidden-request-header. Ours is content-type.
  z.refine((name) => !FORBIDDEN_HEADER.test(name), wrong('header_forbidden')),
);
const FORBIDDEN_HEADER =
  /^(?:accept-charset|accept-encoding|access-control-.*|connection|content-length|content-type|cookie2?|date|dnt|expect|host|keep-alive|origin|permissions-policy|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;
const FieldName = z.string().check(z.regex(/^[^\s\p{Cc}](?:[^\p{Cc}]{0,59}[^\s\p{Cc}])?$/u, wrong('field_name')));

/** What a person says of an account; the rest of {@link Account} is ours. */
export const AccountForm = z.strictObject({
  broker: BrokerId,
  /** Shown to the person, and the account's name in the contract. */
  name: AccountName,
  apiKey: ApiKey,
  redirectUrl: RedirectUrl,
  mode: RedirectMode,
  expectedUser: z.nullable(UserId),
});
export type AccountForm = z.infer<typeof AccountForm>;

export const Account = z.strictObject({
  id: Id,
  ...AccountForm.shape,
  /** The masked user of the first login, once the person said it is theirs. */
  confirmedUser: z.nullable(z.string().check(z.maxLength(40))),
  paused: z.boolean(),
  createdAt: z.int(),
  /** Absent: the broker's own rule, and no renewal by itself. */
  clock: z.optional(AccountClock),
  /** Firefox's name of the container that the last login opened in; absent: in none. */
  container: z.optional(z.string().check(z.maxLength(100))),
});
export type Account = z.infer<typeof Account>;

const Authorization = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer') }),
  z.strictObject({ kind: z.literal('header'), name: HeaderName }),
]);

/** A 2xx answer is a success; with a rule its JSON must also hold `equals` at the dotted `path`. */
const SuccessRule = z.nullable(
  z.strictObject({ path: FieldName, equals: z.string().check(z.minLength(1), z.maxLength(100)) }),
);

/** Where an older system tells how its session stands: its session manager's JSON, or one value that means it is alive. */
const StatusPage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('session-manager'), url: DestinationUrl }),
  z.strictObject({
    kind: z.literal('path'),
    url: DestinationUrl,
    path: FieldName,
    equals: z.string().check(z.minLength(1), z.maxLength(100)),
  }),
  // An OpenAlgo is asked at its own session-status; its callback takes the token, so nothing is sent to it.
  z.strictObject({ kind: z.literal('openalgo'), url: DestinationUrl }),
]);
export type StatusPage = z.infer<typeof StatusPage>;

/** What a person says of a plain destination, but for its header's value. */
export const PlainForm = {
  kind: z.literal('plain'),
  url: DestinationUrl,
  method: z.enum(['POST', 'PUT', 'PATCH', 'GET']),
  format: z.enum(['json', 'form', 'query']),
  field: FieldName,
  /** Constant fields beside the one that holds the token. */
  extra: z.optional(z.record(FieldName, z.string().check(z.maxLength(200)))),
  /** By whose leave: none of a person, their login's cookies at that host, or an open tab of theirs there. */
  login: z.optional(z.enum(['none', 'cookie', 'tab'])),
  /** What an answered redirect means; it is never followed. */
  redirect: z.optional(z.enum(['failure', 'taken'])),
  authorization: Authorization,
  success: SuccessRule,
  status: z.optional(z.nullable(StatusPage)),
};

// Beyond these characters no header can carry it, and the call would fail before it is made.
const HeaderValue = z.string().check(z.maxLength(500), z.regex(/^[\x20-\x7e]*$/, wrong('header_value')));

/** A header that was copied whole would be sent with its beginning twice. */
function hasPrefix(how: z.infer<typeof Authorization>, secret: string): boolean {
  if (how.kind === 'bearer') return /^\s*(?:bearer\s|authorization\s*:)/i.test(secret);
  return how.kind === 'header' && secret.trim().toLowerCase().startsWith(`${how.name.toLowerCase()}:`);
}

/** A destination whose parts fit together, whatever was left out of them. */
export const CoherentDestination = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('signed'),
    url: DestinationUrl,
    secret: Secret,
  }),
  z.strictObject({ ...PlainForm, secret: HeaderValue }).check(
    z.refine(({ authorization, secret }) => authorization.kind === 'none' || secret.trim() !== '', {
      path: ['secret'],
      ...wrong('secret'),
    }),
    z.refine(({ authorization, secret }) => !hasPrefix(authorization, secret), {
      path: ['secret'],
      ...wrong('secret_prefix'),
    }),
    // The same permission and the same authorization go there.
    z.refine(({ status, url }) => !status || parseUrl(status.url)?.origin === parseUrl(url)?.origin, {
      path: ['status', 'url'],
      ...wrong('status_elsewhere'),
    }),
    z.refine(({ method, format }) => (method === 'GET') === (format === 'query'), {
      path: ['format'],
      ...wrong('query'),
    }),
    z.refine(({ login = 'none', redirect = 'failure' }) => login === 'none' || redirect === 'failure', {
      path: ['redirect'],
      ...wrong('redirect_with_login'),
    }),
  ),
]);

/** What a person says of a destination. `secret` goes to the key store and is never read back. */
export const DestinationForm = CoherentDestination.check(
  z.refine(({ url }) => !isOpen(url), { path: ['url'], ...wrong('left_out') }),
  z.refine((one) => !(one.kind === 'plain' && one.status && isOpen(one.status.url)), {
    path: ['status', 'url'],
    ...wrong('left_out'),
  }),
  z.refine((one) => !(one.kind === 'plain' && Object.values(one.extra ?? {}).some(isPlaceholder)), {
    path: ['extra'],
    ...wrong('left_out'),
  }),
);
export type DestinationForm = z.infer<typeof DestinationForm>;

const stored = {
  id: Id,
  account: Id,
  savedAt: z.int(),
  /** When it was added, epoch ms; one that takes its place keeps it. */
  createdAt: z.int(),
  /** Set where the account has another one of its own: it gets the token too. One that takes its place keeps it. */
  further: z.optional(z.literal(true)),
};

export const Destination = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('signed'),
    url: DestinationUrl,
    fingerprint: z.string().check(z.maxLength(40)),
    ...stored,
  }),
  z.strictObject({
    ...PlainForm,
    ...stored,
    /** Set where it came with a settings file: nothing is sent to it before the person saves it by hand (NET-04). */
    unconfirmed: z.optional(z.literal(true)),
  }),
]);
export type Destination = z.infer<typeof Destination>;
export type PlainDestination = Extract<Destination, { kind: 'plain' }>;

/** A stored destination as it was entered: a secret is never read back, so it is entered anew. */
export function formOf(destination: Destination): DestinationForm {
  if (destination.kind === 'signed') return { kind: 'signed', url: destination.url, secret: '' };
  const {
    id: _id,
    account: _account,
    savedAt: _at,
    createdAt: _from,
    further: _more,
    unconfirmed: _new,
    ...form
  } = destination;
  return { ...form, secret: '' };
}

/** True where a destination can tell how its session stands. */
export function isCheckable(destination: Destination): boolean {
  return destination.kind === 'signed' || Boolean(destination.status);
}
