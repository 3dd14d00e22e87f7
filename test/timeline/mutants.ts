import { MINUTE } from '../../utils/shared/time.ts';
import type { Mutation } from '../support/checks/mutant.ts';
import type { Schedule } from './schedule.ts';

/** One rule of a safe delivery, broken. */
export interface Mutant extends Mutation {
  rule: string;
  /** A story that is known to catch it, where the simplest ones do not: it is told first. */
  known?: Schedule;
}

const PULSE = 'utils/services/pulse/pulse.ts';
const PLAN = 'utils/domain/session/plan.ts';

export const MUTANTS: Mutant[] = [
  {
    rule: 'a delivery is removed before it is sent',
    file: PULSE,
    from: 'await deliver(destination, call.delivery, understands)',
    to: '(await removeDeliveries([call.delivery]), await deliver(destination, call.delivery, understands))',
  },
  {
    rule: 'a delivery has another id in every life of the background',
    file: 'utils/services/delivery/wire.ts',
    from: 'hmac(key, deliveryText(account.name, account.broker, token))',
    to: 'hmac(key, deliveryText(account.name, account.broker, token + randomId("")))',
  },
  {
    rule: 'no ledger of seen tokens is kept',
    file: 'utils/services/capture/capture.ts',
    from: 'writeToLedger(hash, Date.now()),',
    to: '',
  },
  {
    rule: 'no alarm is set ahead of what is pending',
    file: PLAN,
    from: 'if (isPending) times.push(world.now + LONGEST_SLEEP_MS);',
    to: '',
  },
  {
    rule: 'the lock is held over the network',
    file: PULSE,
    from: 'await deliver(destination, call.delivery, understands)',
    to: 'await locked(() => deliver(destination, call.delivery, understands))',
  },
  {
    rule: 'a token is sent to a destination without a fresh proof',
    file: PLAN,
    from: "destination.kind === 'plain' ||",
    to: 'true ||',
  },
  {
    rule: 'an unsigned answer is believed',
    file: 'utils/services/delivery/wire.ts',
    from: "if (result.kind !== 'response') return false;",
    to: "return result.kind === 'response';",
  },
  {
    rule: 'a delivery without an answer is given up',
    file: 'utils/domain/delivery/delivery.ts',
    from: "if (then === 'end') return end(",
    to: "if (then === 'end' || then === 'retry') return end(",
  },
  {
    rule: 'a one-time token with an unknown outcome is sent again to a plain destination',
    file: 'utils/domain/delivery/delivery.ts',
    known: { destination: 'plain', redirectMs: 8_000, faults: [{ kind: 'request', number: 0, fate: 'lost' }] },
    from: "return ![...untaken, 'logged_out', 'csrf_refused', 'no_tab'].includes(code);",
    to: 'return false;',
  },
  {
    rule: 'a token is kept and sent beyond its lifetime',
    file: PLAN,
    known: { destination: 'kite', redirectMs: 1, faults: [{ kind: 'jump', at: 0, byMs: -26 * 60 * MINUTE }] },
    from: 'if (delivery.expiresAt <= now) return expire(delivery, world);',
    to: '',
  },
  {
    rule: 'any session counts as this login’s',
    file: 'utils/domain/session/facts.ts',
    from: 'if (!isNamed || session.exchanged_at === null) return false;',
    to: 'if (session.exchanged_at === null) return true;',
  },
  {
    rule: 'a destination is called while it is being called',
    file: PULSE,
    from: 'for (const { destination } of todo.calls) busy.add(destination.id);',
    to: '',
  },
  {
    rule: 'a redirect is written down with no alarm to take it up',
    file: 'utils/services/capture/intake.ts',
    from: 'Promise.all([wakeSoon(Date.now()), writeSeen(seen)])',
    to: 'writeSeen(seen)',
  },
  {
    rule: 'a destination is asked again as soon as it answered',
    file: 'utils/domain/session/clock-jump.ts',
    from: 'Math.min(jumpedAt, at)',
    to: 'jumpedAt',
    known: { destination: 'kite', redirectMs: 8_000, faults: [{ kind: 'jump', at: 8_030, byMs: -40_000 }] },
  },
  {
    rule: 'a check that waits goes on beside the call that it gives way to',
    file: PULSE,
    from: 'for (const one of todo.endedWaits) giveUp(one);',
    to: '',
    known: { destination: 'kite', redirectMs: 8_000, faults: [{ kind: 'act', at: 8_400, act: 'retry' }], holds: true },
  },
];
