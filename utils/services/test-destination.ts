import { brokers } from '../domain/brokers/index.ts';
import { CONTRACT_VERSION, type SessionCaptured } from '../domain/contract.ts';
import { isGranted, mayHandOn } from '../domain/hosts.ts';
import type { TestStep } from '../domain/messages.ts';
import type { Account, Destination } from '../domain/settings.ts';
import { CONSEQUENCES, type Trouble } from '../domain/trouble.ts';
import { hostPattern } from '../domain/urls.ts';
import { callHttp } from '../platform/http.ts';
import { grantedHosts } from '../platform/permissions.ts';
import { callSigned, checkSession, nameDelivery } from './wire.ts';

/** Tries a destination without a real token: permission, proof, and a dry run of a delivery. Stops at the first step that fails. */
export async function testDestination(account: Account, destination: Destination): Promise<TestStep[]> {
  const granted = await grantedHosts();
  const isAllowed = isGranted(granted, hostPattern(destination.url)) && mayHandOn(granted);
  const permission: TestStep = {
    name: 'Permission',
    ok: isAllowed,
    says: isAllowed ? 'The browser allows this address.' : CONSEQUENCES.no_permission.says,
  };
  if (!isAllowed) return [permission];
  return [
    permission,
    ...(destination.kind === 'signed' ? await testSigned(account, destination) : await testPlain(destination)),
  ];
}

async function testSigned(account: Account, destination: Destination): Promise<TestStep[]> {
  const { outcome } = await checkSession(account, destination);
  if (outcome.kind !== 'reported') return [failed('Proof', outcome.kind === 'trouble' ? outcome.trouble : null)];
  const proof: TestStep = {
    name: 'Proof',
    ok: true,
    says: 'Your backend answered with the pairing secret’s signature.',
  };
  const name = outcome.answer.account;
  if (name !== account.name)
    return [
      proof,
      { name: 'Account', ok: false, says: `It answers for the account “${name}”, not “${account.name}”.` },
    ];
  return [proof, await dryRun(account, destination)];
}

async function dryRun(account: Account, destination: Destination): Promise<TestStep> {
  const broker = brokers[account.broker];
  const now = Date.now();
  const value = 'DRYRUN00'.repeat(4);
  const message: SessionCaptured = {
    version: CONTRACT_VERSION,
    type: 'session.captured',
    account: account.name,
    broker: broker.id,
    token: { kind: broker.token.kind, value },
    captured_at: new Date(now).toISOString(),
    expires_at: new Date(broker.token.expiresAt(now)).toISOString(),
    expected_user: account.expectedUser,
    dry_run: true,
  };
  const id = await nameDelivery(account, destination, value);
  if (!id) return failed('Dry run', { code: 'no_key', at: now });
  const { outcome } = await callSigned(destination, id, JSON.stringify(message));
  const isDry = outcome.kind === 'applied' && outcome.answer.status === 'dry_run';
  if (isDry) return { name: 'Dry run', ok: true, says: 'It read a delivery, and exchanged nothing.' };
  return failed('Dry run', outcome.kind === 'trouble' ? outcome.trouble : null);
}

/** A plain destination would take any token for a real one, so nothing is sent to it: only that a server answers can be seen. */
async function testPlain({ url }: Destination): Promise<TestStep[]> {
  const result = await callHttp({ url, method: 'OPTIONS', headers: {} });
  if (result.kind !== 'response') return [failed('Address', { code: result.kind, at: Date.now() })];
  const says = `A server answers there (${result.status}). A plain destination can only be tried by a real login.`;
  return [{ name: 'Address', ok: result.status !== 404, says }];
}

function failed(name: string, trouble: Trouble | null): TestStep {
  const says = trouble
    ? [CONSEQUENCES[trouble.code].says, trouble.words].filter(Boolean).join(' ')
    : CONSEQUENCES.not_contract.says;
  return { name, ok: false, says };
}
