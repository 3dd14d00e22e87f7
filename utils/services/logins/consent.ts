import { ownRoute } from '../../domain/accounts/destinations.ts';
import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { tellTrouble } from '../../domain/delivery/trouble.ts';
import { factsOf } from '../../domain/session/facts.ts';
import { brokers } from '../../shared/brokers/index.ts';
import type { Growth } from '../../shared/contract.ts';
import { askConsent } from '../delivery/wire.ts';
import { readAll } from '../store/store.ts';

/** The consent with which the broker's login begins, made by the account's backend; none where the broker asks for none. */
export async function consentFor(account: Account): Promise<Checked<string | undefined>> {
  const { name, needsConsent } = brokers[account.broker];
  if (!needsConsent) return { ok: true, value: undefined };
  const problemOf = (message: string): Checked<never> => ({ ok: false, problems: [{ field: 'destination', message }] });
  const stored = await readAll();
  const route = ownRoute(stored, account);
  const { destination } = route;
  const understands = factsOf(stored.facts, route).report?.understands ?? [];
  if (destination?.kind !== 'signed' || !understands.includes('session.consent' satisfies Growth))
    return problemOf(say('problem_consent_unknown', name));
  const answer = await askConsent(account, destination);
  if (answer.kind === 'consented') return { ok: true, value: answer.consent };
  const { code, words } = answer.trouble;
  return problemOf(say('problem_consent', name, words ?? tellTrouble(code)));
}
