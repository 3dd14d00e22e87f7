import { type Caller, createCaller, type Target } from './caller.ts';
import type { Finding, Rule } from './rule.ts';
import { echo, lengths, masked, sameId, statuses, times } from './rules/answers.ts';
import { ahead, dryRun, named, oneToken, parallel, replay, spent, superseded, twice, user } from './rules/delivery.ts';
import { growth } from './rules/growth.ts';
import { account, rawBytes, safeId, signature, skew, tooLarge, version } from './rules/guard.ts';
import { broker, malformed, pieces, quiet } from './rules/messages.ts';
import { proof, redirect, refusals, report } from './rules/proof.ts';
import { feed, queue } from './rules/upstairs.ts';
import { wait } from './rules/wait.ts';

export type Played = Finding & { rule: string };

/** Without these two nothing else can be told: a receiver that does not speak breaks every rule alike. */
const FIRST: readonly Rule[] = [redirect, proof];

/**
 * Plays the extension against a receiver, rule by rule, and gives what each found; stops at the first one broken of
 * {@link FIRST}. It sends made-up tokens: a receiver that asks its broker has them refused there. `spentToken` is one
 * that the broker calls used, `token` a source of such as it takes.
 */
export async function play(target: Target, spentToken: string | null, token?: Caller['token']): Promise<Played[]> {
  const caller = createCaller(target, token);
  const played: Played[] = [];
  for (const rule of FIRST) {
    played.push({ rule: rule.name, ...(await rule.play(caller)) });
    if (played.at(-1)?.found === 'broken') return played;
  }
  const guards = [
    report,
    signature,
    quiet,
    rawBytes,
    pieces,
    skew,
    safeId,
    version,
    malformed,
    account,
    broker,
    refusals,
  ];
  const captures = [tooLarge, dryRun, spent(spentToken)];
  // What is parked runs with the first login, so it is looked at before the others.
  const deliveries = [queue, feed, twice, parallel, replay, named, user, ahead, superseded, oneToken, growth, wait];
  // One after the other: they look at the same session, and the last ones at all that was answered.
  for (const rule of [...guards, ...captures, ...deliveries, sameId, times, statuses, lengths, masked, echo])
    played.push({ rule: rule.name, ...(await rule.play(caller)) });
  return played;
}
