import { textFromBase64Url, toBase64Url } from './bytes.ts';
import { AccountName, BrokerId, UserId } from './contract.ts';
import { type ProblemCode, problem, wrong } from './problem.ts';
import { type Checked, check, parseJson, z } from './schema.ts';
import { DestinationUrl, RedirectUrl } from './urls.ts';

const PREFIX = 'obp1_';

/**
 * What the redirect URL is. `seal`: a dummy that is never opened. `forward`: a page that should load too.
 * `observe`: the backend's own callback, which takes the token itself.
 */
export const RedirectMode = z.enum(['seal', 'forward', 'observe']);
export type RedirectMode = z.infer<typeof RedirectMode>;

/** `whsec_` and base64, as Standard Webhooks writes a secret; at least 24 random bytes. */
export const Secret = z
  .string()
  .check(
    z.refine(
      (text) => /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
      wrong('pairing_secret'),
    ),
  );

/** All that a set-up needs, in one line that a person copies from the backend's terminal. */
export const Pairing = z.strictObject({
  url: DestinationUrl,
  secret: Secret,
  account: AccountName,
  broker: BrokerId,
  api_key: z.string().check(z.minLength(1), z.maxLength(200)),
  redirect_url: RedirectUrl,
  mode: RedirectMode,
  expected_user: z.nullable(UserId),
});
export type Pairing = z.infer<typeof Pairing>;

/** `obp1_` and the pairing as base64url JSON. */
export function writePairing(pairing: Pairing): string {
  return PREFIX + toBase64Url(new TextEncoder().encode(JSON.stringify(pairing)));
}

/** Reads a pairing string as it was pasted; says which field is wrong, or that the line is cut off. */
export function readPairing(text: string): Checked<Pairing> {
  // `npm run pair` prints the account's name in front; a line that was copied whole is as good.
  const line = text.replaceAll(/\s/g, '').replace(/^[\w.-]+:(?=obp1_)/, '');
  const field = 'pairing';
  const unread = (code: ProblemCode, ...values: string[]): Checked<Pairing> => ({
    ok: false,
    problems: [problem(field, code, ...values)],
  });
  if (line === '') return unread('pairing_empty');
  if (!line.startsWith(PREFIX)) return unread('pairing_prefix', PREFIX);
  const value = parseJson(textFromBase64Url(line.slice(PREFIX.length)) ?? '');
  if (value === undefined) return unread('pairing_cut');
  return check(Pairing, value, field);
}
