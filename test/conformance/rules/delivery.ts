import { MINUTE } from '../../../utils/shared/time.ts';
import { type Caller, madeUpToken, type Reply } from '../caller.ts';
import { appliedAs, broken, type Finding, isRefusedAs, ok, type Rule, refusalOf, saysOf, unseen } from '../rule.ts';

const NOT_APPLIED = 'It applies no made-up token, which is right where it asks the broker; so this was not seen.';
const NO_FINAL = 'It gives no final answer to a made-up token, so this was not seen.';
const NOT_CONFIGURED = 'Its broker refuses its API key or secret, so this was not seen.';
const FINAL = ['token_spent', 'wrong_account', 'superseded'];

export const dryRun: Rule = {
  name: 'dry-run',
  async play(caller) {
    const before = await sessionOf(caller);
    const reply = await caller.capture(caller.captured(madeUpToken('DryRun'), { dry_run: true }));
    const after = await sessionOf(caller);
    if (appliedAs(reply) === 'dry_run' && before?.delivery === after?.delivery) return ok('A dry run changes nothing.');
    return broken(
      appliedAs(reply) === 'dry_run'
        ? 'A dry run changed the session.'
        : `It does not know a dry run. ${saysOf(reply)}`,
      'With dry_run: true check everything, exchange nothing, and answer session.applied with status dry_run.',
    );
  },
};

/** The id is what makes a delivery idempotent: the second time is answered, not exchanged. */
export const twice: Rule = {
  name: 'twice',
  async play(caller) {
    const message = caller.captured(caller.token('Twice'));
    const first = await caller.capture(message);
    const second = await caller.capture(message);
    const [one, two] = [wordOf(first), wordOf(second)];
    if (one === 'applied' && two === 'replayed') return ok('The same delivery again is answered, not exchanged again.');
    if (one !== null && FINAL.includes(one))
      return one === two
        ? ok(`A refusal is final: twice ${one}.`)
        : broken(
            `The same delivery was refused as ${one}, then ${two ?? saysOf(second)}.`,
            'Remember the final answer of an id for 48 hours, and give it again.',
          );
    if (one === 'configuration') return unseen(NOT_CONFIGURED);
    if (one !== 'applied')
      return broken(
        `It neither applies nor refuses a token. ${saysOf(first)}`,
        'Answer a session.captured with session.applied, or refuse it by name, for a token that the broker does not know as token_spent.',
      );
    return broken(
      two === 'applied'
        ? 'It exchanged the same delivery twice.'
        : `The same delivery again is not answered as replayed. ${saysOf(second)}`,
      'Remember the id of an applied delivery for 48 hours, and answer it with status replayed.',
    );
  },
};

export const parallel: Rule = {
  name: 'parallel',
  async play(caller) {
    const message = caller.captured(caller.token('Parallel'));
    const words = (await Promise.all(Array.from({ length: 10 }, () => caller.capture(message)))).map(wordOf);
    const applied = words.filter((word) => word === 'applied').length;
    if (applied > 1)
      return broken(
        `Ten posts of one delivery at the same time were exchanged ${applied} times.`,
        'Take deliveries one after the other, by a lock that all processes share, or refuse as in_progress while one is under way.',
      );
    if (applied === 0) return unseen(NOT_APPLIED);
    const others = words.filter((word) => word !== 'applied' && word !== 'replayed' && word !== 'in_progress');
    if (others.length > 0)
      return broken(
        `Of ten posts of one delivery at the same time, ${others.length} got neither replayed nor in_progress.`,
        'Let the others wait and answer replayed, or refuse them as in_progress.',
      );
    const last = await caller.capture(message);
    // Whether it is exchanged again is another rule’s.
    return refusalOf(last) === null
      ? ok('Ten posts of one delivery at the same time are exchanged once.')
      : broken(
          `After ten posts of one delivery at the same time, one more is refused. ${saysOf(last)}`,
          'Remember nothing for in_progress: it passes with the exchange.',
        );
  },
};

/** What somebody recorded and sends again, byte for byte, changes nothing after a newer login. */
export const replay: Rule = {
  name: 'replay',
  async play(caller) {
    const recorded = { at: Date.now() };
    const message = caller.captured(caller.token('Recorded'));
    if (appliedAs(await caller.capture(message, recorded)) !== 'applied' || !(await applies(caller)))
      return unseen(NOT_APPLIED);
    const before = await sessionOf(caller);
    const reply = await caller.capture(message, recorded);
    const after = await sessionOf(caller);
    return appliedAs(reply) !== 'applied' && after?.delivery === before?.delivery
      ? ok('A recorded delivery, sent again after a newer login, changes nothing.')
      : broken(
          'A recorded delivery, sent again, takes the place of a newer login.',
          'Answer an id that you know from memory, and leave the session as it is.',
        );
  },
};

/** What was applied is what a report names. */
export const named: Rule = {
  name: 'named',
  async play(caller) {
    const reply = await caller.capture(caller.captured(caller.token('Named')));
    if (reply.outcome.kind !== 'applied') return unseen(NOT_APPLIED);
    const { id, session: told } = reply.outcome.answer;
    if (told.delivery !== id || told.exchanged_at === null)
      return broken(
        'The answer to an applied delivery does not name it in its session.',
        'Give the session as it is after the exchange: its delivery, user, exchanged_at and expires_at.',
      );
    const session = await sessionOf(caller);
    return session?.delivery === id && session.exchanged_at !== null
      ? ok('The report names the delivery that its session came from.')
      : broken(
          'After an applied delivery the report does not name it.',
          'Put the id of the applied delivery into session.delivery and its time into session.exchanged_at.',
        );
  },
};

export const user: Rule = {
  name: 'user',
  async play(caller) {
    if (!(await applies(caller))) return unseen(NOT_APPLIED);
    const before = await sessionOf(caller);
    const message = caller.captured(caller.token('User'), { expected_user: 'ZZ0000' });
    const reply = await caller.capture(message);
    const again = refusalOf(await caller.capture(message));
    const after = await sessionOf(caller);
    if (refusalOf(reply) === 'wrong_account' && again !== 'wrong_account')
      return broken(
        `The same delivery was refused as wrong_account, then ${again ?? 'not'}.`,
        'Remember the final answer of an id for 48 hours, and give it again.',
      );
    return refusalOf(reply) === 'wrong_account' && after?.delivery === before?.delivery
      ? ok('The login of another person is refused, and the session stays.')
      : broken(
          `The login of another person than expected_user is not refused. ${saysOf(reply)}`,
          'Compare the user that the exchange shows with expected_user; refuse as wrong_account and leave the session as it is.',
        );
  },
};

export const superseded: Rule = {
  name: 'superseded',
  async play(caller) {
    if (!(await applies(caller))) return unseen(NOT_APPLIED);
    const captured_at = new Date(Date.now() - 30 * MINUTE).toISOString();
    const reply = await caller.capture(caller.captured(caller.token('Older'), { captured_at }));
    return refusalOf(reply) === 'superseded'
      ? ok('An older login does not replace a newer one.')
      : broken(
          `A login that was captured before the present one is not refused. ${saysOf(reply)}`,
          'Keep captured_at of the applied delivery, and refuse an earlier one as superseded.',
        );
  },
};

/** A clock that was wrong once must not make every later login the older one. */
export const ahead: Rule = {
  name: 'ahead',
  async play(caller) {
    const captured_at = new Date(Date.now() + 10 * MINUTE).toISOString();
    const message = caller.captured(caller.token('Ahead'), { captured_at });
    const mend =
      'Refuse as stale_timestamp a captured_at more than 300 seconds ahead of your clock, and remember nothing of it.';
    const reply = await caller.capture(message);
    if (!isRefusedAs(reply, 'stale_timestamp'))
      return broken(
        `A login whose captured_at lies 10 minutes ahead is not refused for the clock. ${saysOf(reply)}`,
        mend,
      );
    const near = new Date(Date.now() + 4 * MINUTE).toISOString();
    const dry = await caller.capture(caller.captured(madeUpToken('Near'), { captured_at: near, dry_run: true }));
    if (isRefusedAs(dry, 'stale_timestamp'))
      return broken('It refuses a login whose captured_at lies only 4 minutes ahead.', mend);
    const later = await caller.capture({ ...message, captured_at: new Date().toISOString() });
    return isRefusedAs(later, 'stale_timestamp')
      ? broken('It remembers the refusal of a login from a time that had not come yet.', mend)
      : ok('A capture from a time that has not come yet is refused for the clock.');
  },
};

/** The id of a delivery that got its final answer stands for its token: no other one is answered, or exchanged, by it. */
export const oneToken: Rule = {
  name: 'one-token',
  async play(caller) {
    const first = await caller.capture(caller.captured(caller.token('First')));
    const word = wordOf(first);
    if (word !== 'applied' && !FINAL.includes(word ?? '')) return unseen(NO_FINAL);
    const reply = await caller.capture(caller.captured(caller.token('Other')), { id: first.sentId });
    return refusalOf(reply) === 'bad_request'
      ? ok('An id stands for one token.')
      : broken(
          `Another token under the id of a delivery that was answered is not refused. ${saysOf(reply)}`,
          'Keep a hash of the token beside the final answer of its id, and refuse any other token as bad_request.',
        );
  },
};

/** A token of which the broker says that it is used or expired: told by name, so that the person logs in again. */
export const spent = (token: string | null): Rule => ({
  name: 'spent',
  async play(caller): Promise<Finding> {
    const message = caller.captured(token ?? madeUpToken('Spent'));
    const [first, second] = [await caller.capture(message), await caller.capture(message)];
    if (token === null && first.outcome.kind === 'applied')
      return unseen('It applies a made-up token, so no spent one was seen. Give a used one: --spent-token TOKEN.');
    const reasons = [first, second].map(refusalOf);
    if (reasons.every((reason) => reason === 'token_spent') && first.status === 410)
      return ok('A spent token is refused by name, each time.');
    return broken(
      `A spent token is not refused as token_spent with status 410, each time alike. ${saysOf(first)}`,
      'Where the broker calls the token used or expired, answer a signed session.refused with reason token_spent.',
    );
  },
});

async function applies(caller: Caller): Promise<boolean> {
  return appliedAs(await caller.capture(caller.captured(caller.token('Newest')))) === 'applied';
}

async function sessionOf(caller: Caller) {
  const { outcome } = await caller.check();
  return outcome.kind === 'reported' ? outcome.answer.session : null;
}

function wordOf(reply: Reply): string | null {
  return appliedAs(reply) ?? refusalOf(reply);
}
