import type { TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { CONTRACT_VERSION, MAX_CLOCK_SKEW_MS, type SessionReport } from '../../../utils/shared/contract.ts';
import { advice, broken, isTaken, ok, type Rule, refusalOf, saysOf, unseen } from '../rule.ts';

const MENDS: Partial<Record<TroubleCode, string>> = {
  unreachable: 'Start the receiver, and give the address that it listens at, with port and path.',
  timeout: 'Answer from what you know; never call the broker for a session.check.',
  too_large: 'An answer may be 64 KiB at most; session.report names at most twenty jobs.',
  html: 'Give the address of the route itself; a login page or a proxy answers at this one.',
  bad_signature:
    'Both sides need the same secret: the bytes behind whsec_, base64 decoded. Verify over id.timestamp.body with the body as raw bytes, which nothing may have read before. Express: the route stands before express.json(). Flask: request.get_data(). Django: request.body. Next.js: request.arrayBuffer(), without request.json().',
  http_client_error:
    'Let the route take a POST of application/json at this address, without login and CSRF check. Django: csrf_exempt. Flask-WTF: csrf.exempt.',
  wrong_signature:
    'Sign the answer like a request: v1, and base64 of HMAC-SHA256 over id.timestamp.body in webhook-signature.',
  other_id: 'Put the id of the request into webhook-id and into the answer’s id.',
  not_contract: 'Answer a session.check with a session.report as docs/contract.md shows it.',
  wrong_account: 'Name the account here as the receiver does: --account NAME.',
};

/** The address answers by itself: a token in a body must not be sent on to wherever a redirect points. */
export const redirect: Rule = {
  name: 'redirect',
  async play(caller) {
    const { location, outcome } = await caller.check();
    const code = outcome.kind === 'trouble' ? outcome.trouble.code : null;
    if (code === 'unreachable' || code === 'timeout')
      return broken('Nothing answers at this address.', MENDS[code] ?? 'Start the receiver.');
    return code === 'redirected'
      ? broken(
          `The address redirects${location ? ` to ${location}` : ''}; it is not followed.`,
          mendOf(caller.target.url, location),
        )
      : ok('It does not redirect.');
  },
};

/** What a redirect is about, by its place. */
function mendOf(from: string, location: string | null): string {
  const to = location !== null && URL.canParse(location, from) ? new URL(location, from) : null;
  const here = new URL(from);
  if (to !== null && /login|signin|sign-in|auth|sso|accounts/i.test(to.pathname + to.search))
    return 'A login stands in front of the route: let the route answer without one, since the signature takes its place.';
  if (to !== null && to.protocol !== here.protocol) return `Enter the address with ${to.protocol}//.`;
  if (to !== null && to.pathname.replace(/\/$/, '') === here.pathname.replace(/\/$/, ''))
    return 'Enter the address with its last slash as the receiver has it, or let the route answer at both.';
  return 'Enter the final address, or let the route answer at this one.';
}

/** The receiver holds the secret and speaks the contract. */
export const proof: Rule = {
  name: 'proof',
  async play(caller) {
    const reply = await caller.check();
    if (reply.outcome.kind === 'reported') return ok('It answers a check with a signed report.');
    const code = reply.outcome.kind === 'trouble' ? reply.outcome.trouble.code : 'not_contract';
    return broken(saysOf(reply), MENDS[code] ?? 'Answer a session.check with a signed session.report and status 200.');
  },
};

/** What the report says can be shown: the account, the clock, and a session that does not contradict itself. */
export const report: Rule = {
  name: 'report',
  async play(caller) {
    const { outcome } = await caller.check();
    if (outcome.kind !== 'reported') return broken('A second check got no report.', 'Answer every check alike.');
    const wrong = contradictions(outcome.answer, caller.target.account);
    return wrong.length === 0
      ? ok('Its report is whole and does not contradict itself.')
      : broken(
          wrong.join(' '),
          'See “session.check” in docs/contract.md: what each field may hold, and when it is null.',
        );
  },
};

function contradictions({ account, server_time, session }: SessionReport, name: string): string[] {
  const { state, delivery, user, exchanged_at, verified_at, expires_at } = session;
  const minutes = Math.round((Date.parse(server_time) - Date.now()) / 60_000);
  const isEmpty = [delivery, user, exchanged_at, verified_at, expires_at].every((value) => value === null);
  return [
    account === name ? '' : `The report is for the account “${account}”, not “${name}”.`,
    Math.abs(Date.parse(server_time) - Date.now()) <= MAX_CLOCK_SKEW_MS
      ? ''
      : `server_time is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead' : 'behind'}.`,
    state === 'none' && !isEmpty ? 'The session is none, but its other fields are not null.' : '',
    state === 'verified' && verified_at === null ? 'The session is verified, but verified_at is null.' : '',
    (state === 'verified' || state === 'exchanged') && exchanged_at === null
      ? `The session is ${state}, but exchanged_at is null.`
      : '',
    user === null || user.includes('*') ? '' : 'session.user is not masked.',
  ].filter(Boolean);
}

/** The reasons of refusals reach the person only where they are signed. */
export const refusals: Rule = {
  name: 'refusals',
  async play(caller) {
    const reply = await caller.post(
      JSON.stringify({ version: CONTRACT_VERSION, type: 'session.check', account: 'no such account' }),
    );
    if (isTaken(reply)) return unseen('It refuses no account, so no refusal was seen.');
    return refusalOf(reply) === null
      ? advice(
          'A refusal is not a signed session.refused, so the popup cannot say why.',
          'Answer refusals with their reason as docs/contract.md lists them, signed like any answer.',
        )
      : ok('Refusals are signed and say why.');
  },
};
