import { type Caller, madeUpToken } from '../caller.ts';
import { broken, isRefusedAs, isTaken, ok, type Rule, saysOf, unseen } from '../rule.ts';
import { FOREIGN_SECRET } from './guard.ts';

/** Whoever cannot sign is told nothing of the session. */
export const quiet: Rule = {
  name: 'quiet',
  async play(caller) {
    const reply = await caller.check({ secret: FOREIGN_SECRET });
    if (isTaken(reply)) return unseen('It takes what is not signed, so no such refusal was seen.');
    return /"(session|feed|queue|configuration)"\s*:/.test(reply.text)
      ? broken(
          'It tells of its session to a request that is not signed.',
          'Answer such a request by session.refused with its reason, and nothing else.',
        )
      : ok('It tells nothing to a request that is not signed.');
  },
};

/** What is signed and cannot be read will not be better the next time. */
export const malformed: Rule = {
  name: 'malformed',
  async play(caller) {
    // A dry run, so that a receiver which takes it comes to no harm; so is the one below.
    const message = caller.captured(madeUpToken('Broken'), { dry_run: true });
    const bodies = {
      'text that is no JSON': 'hello',
      'a list': '[]',
      'null in its place': 'null',
      'null for a token': JSON.stringify({ ...message, token: null }),
      'no type': JSON.stringify({ ...message, type: undefined }),
      'no token': JSON.stringify({ ...message, token: undefined }),
      'a token that is a number': JSON.stringify({ ...message, token: { ...message.token, value: 12_345_678 } }),
      'a token of other characters': JSON.stringify({
        ...message,
        token: { ...message.token, value: '../../../etc/passwd' },
      }),
      'a token of another kind': JSON.stringify({ ...message, token: { ...message.token, kind: 'weekly' } }),
      'a captured_at that is no time': JSON.stringify({ ...message, captured_at: 'yesterday' }),
      'an expires_at that is no time': JSON.stringify({ ...message, expires_at: 'tomorrow' }),
      'an expected_user that is a number': JSON.stringify({ ...message, expected_user: 1234 }),
    };
    for (const [what, body] of Object.entries(bodies)) {
      const reply = await caller.post(body);
      if (!isRefusedAs(reply, 'bad_request'))
        return broken(
          `A signed message with ${what} is not refused as bad_request. ${saysOf(reply)}`,
          'Check every field before anything is done with it, and refuse as bad_request what docs/contract.md does not have.',
        );
    }
    return ok('It refuses as bad_request what it cannot read.');
  },
};

// The second is a name that every object of JavaScript knows.
const UNKNOWN_BROKERS = ['nobodysbroker', 'constructor'];

/** A token of the other broker would be sent to this one's exchange. */
export const broker: Rule = {
  name: 'broker',
  async play(caller) {
    const isKite = caller.target.broker === 'zerodha';
    const value = isKite ? '12345678' : madeUpToken('Other');
    const token = { kind: isKite ? 'day' : 'one-time', value } as const;
    const reply = await caller.capture(
      caller.captured(value, { broker: isKite ? 'icici' : 'zerodha', token, dry_run: true }),
    );
    const mend =
      'Compare broker with your own before the exchange. Refuse another one as wrong_account, or as bad_request, with its name, where you do not know it.';
    if (!isRefusedAs(reply, 'wrong_account') && !isRefusedAs(reply, 'bad_request'))
      return broken(`A token of another broker is not refused by name. ${saysOf(reply)}`, mend);
    for (const name of UNKNOWN_BROKERS) {
      const strange = { ...caller.captured(madeUpToken('Other'), { dry_run: true }), broker: name };
      const unknown = await caller.post(JSON.stringify(strange));
      if (!isRefusedAs(unknown, 'bad_request'))
        return broken(`A broker that nobody knows (${name}) is not refused as bad_request. ${saysOf(unknown)}`, mend);
      const words = unknown.answer?.type === 'session.refused' ? unknown.answer.message : undefined;
      if (words !== undefined && !/broker/i.test(words))
        return broken(`A broker that nobody knows is refused without its name: “${words}”.`, mend);
    }
    return ok('It refuses a token of another broker.');
  },
};

/** Proxies that stream send a body in pieces, and no length. */
export const pieces: Rule = {
  name: 'pieces',
  async play(caller: Caller) {
    const reply = await caller.check({ inPieces: true });
    if (reply.outcome.kind === 'reported') return ok('It reads a body that comes in pieces.');
    return reply.status === 411
      ? unseen('It wants the length of a body (411), so bodies in pieces were not seen.')
      : broken(
          `A body that comes in pieces (Transfer-Encoding: chunked) is not read. ${saysOf(reply)}`,
          'Read the body to its end without Content-Length. Django: from wsgi.input, or under ASGI; Next.js: from request.body; plain Python: the chunks.',
        );
  },
};
