import { MINUTE } from '../../shared/time.ts';
import type { Exchange } from '../base/moments.ts';
import type { Outcome } from '../delivery/answers.ts';
import { type Delivery, end, settleDelivery } from '../delivery/delivery.ts';
import {
  factsOf,
  foldAnswer,
  foldCheckTrouble,
  foldCut,
  foldDeliveryTrouble,
  isFrom,
  nextCheck,
  onStatusPage,
  type SessionFacts,
} from './facts.ts';
import type { Call, World } from './world.ts';

/** A call that is over: what it came to, and when it was sent and its answer heard, by our clock. */
export interface Called {
  outcome: Outcome;
  heard: Required<Exchange>;
}

/** What a call changes: the facts of its destination, and the outbox entries that it settles. */
export interface Settled {
  facts: SessionFacts;
  deliveries: Delivery[];
}

/**
 * What became of a call, taken into what is stored now: settings may have changed while it was out, and then nothing is.
 * All of it is said of the moment when the answer was heard. How long it then waited to be written is nobody's concern.
 */
export function settleCall(
  call: Call,
  called: Called,
  world: Pick<World, 'facts' | 'deliveries' | 'destinations' | 'clock'>,
): Settled | null {
  const { destination } = call;
  const isStillOurs = world.destinations.some(
    ({ id, savedAt }) => id === destination.id && savedAt === destination.savedAt,
  );
  if (!isStillOurs) return null;
  const { outcome, heard } = called;
  const known = factsOf(world.facts, call);
  const sent = world.deliveries.find((one) => isSentBy(call, one));
  const isSigned = destination.kind === 'signed';
  const settled = sent ? [settleDelivery(sent, outcome, isSigned, heard.at)] : [];
  if (outcome.kind === 'accepted') return { facts: known, deliveries: settled };
  if (outcome.kind === 'trouble') return { facts: afterTrouble(call, known, outcome, heard.at), deliveries: settled };
  // The clock was changed while the check was out: what its report says of times cannot be placed. It is asked again.
  if (call.kind === 'check' && !isPlaced(heard))
    return { facts: { ...known, nextCheckAt: heard.at }, deliveries: settled };
  const told = foldAnswer(known, outcome.answer, heard);
  const facts = withNextCheck(call, isSigned ? told : onStatusPage(told), heard.at, world);
  const open = world.deliveries.filter((one) => one.state !== 'ended' && one.destination === destination.id);
  // A status page knows of no login, so it proves none.
  const proven = isSigned && outcome.kind === 'reported' ? open.filter((one) => isProven(one, facts)) : [];
  return { facts, deliveries: [...settled, ...proven.map((one) => end(one, 'applied', null, heard.at))] };
}

// Far longer than any call may take.
const LONGEST_CALL_MS = 2 * MINUTE;

function isPlaced({ sentAt, at }: Called['heard']): boolean {
  return at >= sentAt && at - sentAt <= LONGEST_CALL_MS;
}

function isSentBy(call: Call, { id, destination }: Delivery): boolean {
  return call.kind === 'deliver' && call.delivery.id === id && call.destination.id === destination;
}

function afterTrouble(
  call: Call,
  known: SessionFacts,
  { trouble, retryAfterMs }: Outcome & { kind: 'trouble' },
  at: number,
) {
  if (call.kind === 'check' && call.wait !== undefined) return foldCut(known, trouble, retryAfterMs, at);
  return call.kind === 'check'
    ? foldCheckTrouble(known, trouble, retryAfterMs, at)
    : foldDeliveryTrouble(known, trouble);
}

/** A check that was asked for while this one was out still has to be made: this answer may be from before its cause. */
function withNextCheck(call: Call, facts: SessionFacts, at: number, { clock }: Pick<World, 'clock'>): SessionFacts {
  const { nextCheckAt } = facts;
  const isAskedAgain = call.kind === 'check' && nextCheckAt !== null && nextCheckAt !== call.dueAt;
  return isAskedAgain ? facts : { ...facts, nextCheckAt: nextCheck(facts, at, clock.preferences) };
}

/** A report that names a delivery whose answer was lost is its acknowledgement. */
function isProven(lost: Delivery, { report }: SessionFacts): boolean {
  return report !== null && isFrom(report, { ...lost, delivery: lost.id });
}
