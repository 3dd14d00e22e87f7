import { CONTRACT_VERSION } from '../../../utils/shared/contract.ts';
import type { Caller } from '../caller.ts';
import { broken, type Finding, isRefusedAs, ok, type Rule, refusalOf, saysOf } from '../rule.ts';

const PASSING = ['configuration', 'rate_limited', 'unavailable'];

/** What a report says that its receiver understands beyond the first release is sent to it from then on. */
export const growth: Rule = {
  name: 'growth',
  async play(caller) {
    const { outcome } = await caller.check();
    const understands = outcome.kind === 'reported' ? (outcome.answer.understands ?? []) : [];
    const findings = [
      understands.includes('session.consent') ? await consent(caller) : null,
      understands.includes('token.with') ? await beside(caller) : null,
    ];
    return findings.find((one) => one?.found === 'broken') ?? ok('It does what it says that it understands.');
  },
};

async function consent(caller: Caller): Promise<Finding> {
  const { account, broker } = caller.target;
  const reply = await caller.post(
    JSON.stringify({ version: CONTRACT_VERSION, type: 'session.consent', account, broker }),
  );
  const isMade = reply.isSigned && reply.answer?.type === 'session.consented';
  return isMade || PASSING.includes(refusalOf(reply) ?? '')
    ? ok('It answers a request for a consent.')
    : broken(
        `It names session.consent, and does not answer one. ${saysOf(reply)}`,
        'Answer with session.consented and the broker’s consent, or refuse as configuration, rate_limited or unavailable.',
      );
}

/** The id tells the token alone, so what stands beside it is compared. */
async function beside(caller: Caller): Promise<Finding> {
  const message = caller.captured(caller.token('Beside'));
  await caller.capture(message);
  const names = Object.keys(message.token.with ?? { userId: '' });
  const others = Object.fromEntries(names.map((name) => [name, 'ZZ9999']));
  const reply = await caller.capture({ ...message, token: { ...message.token, with: others } });
  const isNamed = reply.answer?.type === 'session.refused' && reply.answer.message?.includes('token.with');
  return isRefusedAs(reply, 'bad_request') && isNamed
    ? ok('It refuses another value beside a token.')
    : broken(
        `A delivery that comes again with another value beside its token is not refused by name. ${saysOf(reply)}`,
        'Keep token.with beside the final answer of an id. Refuse another one as bad_request, and name token.with in message.',
      );
}
