import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { consentFor } from './consent.ts';
import { type Opening, openLogin } from './logins.ts';
import { appFirst } from './openalgo.ts';

/** Opens the broker's login page of an account, after all that has to come before it. `proof`: its destination's, under way. */
export async function beginLogin(
  account: Account,
  proof: Promise<void>,
  how: Opening = 'at-once',
): Promise<Checked<Account>> {
  // What the destination understands is told by its proof.
  if (brokers[account.broker].needsConsent) await proof;
  const first = await appFirst(account);
  if (!first.ok) return first;
  if (first.value === 'elsewhere') return { ok: true, value: account };
  const consent = await consentFor(account);
  if (!consent.ok) return consent;
  await openLogin(account, consent.value, how);
  return { ok: true, value: account };
}
