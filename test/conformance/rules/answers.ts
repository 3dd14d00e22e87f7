import { MAX_CLOCK_SKEW_MS, REFUSAL_STATUS } from '../../../utils/shared/contract.ts';
import { parseJson } from '../../../utils/shared/schema.ts';
import type { Reply } from '../caller.ts';
import { broken, ok, type Rule } from '../rule.ts';

/** What every answer has to hold: looked at in all that came back from the rules before these. */
function everyAnswer(
  name: string,
  isRight: (reply: Reply) => boolean,
  says: [right: string, wrong: string, mend: string],
): Rule {
  return {
    name,
    async play(caller) {
      const wrong = caller.replies.find((reply) => reply.isSigned && reply.answer !== null && !isRight(reply));
      return wrong === undefined
        ? ok(says[0])
        : broken(`${says[1]} (status ${wrong.status}, ${wrong.answer?.type}).`, says[2]);
    },
  };
}

const SAFE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** An answer to another request is none, so each names its own, twice. */
export const sameId = everyAnswer(
  'same-id',
  ({ sentId, id, answer }) => !SAFE_ID.test(sentId) || (id === sentId && answer?.id === sentId),
  [
    'Every answer names its request.',
    'An answer does not name its request in webhook-id and in id',
    'Repeat the id of the request in webhook-id and in the answer’s id, in refusals too.',
  ],
);

/** The extension tells the two clocks apart by these. */
export const times = everyAnswer(
  'times',
  ({ at, answer }) =>
    [at ?? 0, Date.parse(answer?.server_time ?? '')].every((time) => Math.abs(time - Date.now()) <= MAX_CLOCK_SKEW_MS),
  [
    'Every answer has the time in its header and in server_time.',
    'An answer’s webhook-timestamp or server_time is more than 300 seconds off',
    'Write the time of the answer, in UTC, into webhook-timestamp and server_time of every answer.',
  ],
);

/** A refusal's status is what proxies, logs and the extension's own table go by. */
export const statuses = everyAnswer(
  'statuses',
  ({ status, answer }) => status === (answer?.type === 'session.refused' ? REFUSAL_STATUS[answer.reason] : 200),
  [
    'Every answer has the status of its kind.',
    'An answer has another status than its kind',
    'Answer 200, or the status that docs/contract.md has beside the reason.',
  ],
);

const MOST_WORDS = 200;
const MOST_JOBS = 20;

/** The extension cuts what is longer, so its end is never seen. */
export const lengths = everyAnswer(
  'lengths',
  ({ text }) => {
    const { message, session, feed, queue } = Object(parseJson(text));
    const latest: unknown[] = Array.isArray(Object(queue).latest) ? queue.latest : [];
    const words = [message, ...[session, feed, ...latest].map((part) => Object(part).problem)];
    return latest.length <= MOST_JOBS && words.every((one) => typeof one !== 'string' || one.length <= MOST_WORDS);
  },
  [
    'No answer holds more than is shown of it.',
    'An answer names more than twenty jobs, or holds a message or problem of more than 200 characters',
    'Name the latest twenty jobs, and cut message and problem at 200 characters.',
  ],
);

/** The person's id at the broker leaves the receiver masked. */
export const masked = everyAnswer(
  'masked',
  ({ answer }) => {
    const user = answer !== null && 'session' in answer ? answer.session.user : null;
    return user === null || (user.includes('*') && !/[^*]{3}/.test(user));
  },
  [
    'It shows the user masked.',
    'An answer shows the user’s id unmasked',
    'Show the first two characters and stars: AB****, in session.applied as in session.report.',
  ],
);

/** A token in an answer would stand in logs and on screens. */
export const echo: Rule = {
  name: 'echo',
  async play({ replies, tokens }) {
    return replies.some(({ text }) => tokens.some((token) => text.includes(token)))
      ? broken('An answer holds the token that was sent.', 'Never put the token into an answer, nor into message.')
      : ok('No answer holds a token.');
  },
};
