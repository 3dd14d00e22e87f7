import { isGranted, mayHandOn } from '../../domain/accounts/hosts.ts';
import { isOpenAlgo } from '../../domain/accounts/known-systems.ts';
import type { Account, Destination } from '../../domain/accounts/settings.ts';
import { say } from '../../domain/base/words.ts';
import { isOfApp } from '../../domain/delivery/openalgo.ts';
import { type Trouble, tellTrouble } from '../../domain/delivery/trouble.ts';
import type { TestStep } from '../../domain/hold/messages.ts';
import { callHttp } from '../../platform/network/http.ts';
import { grantedHosts } from '../../platform/runtime/permissions.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { tokenExpiry } from '../../shared/brokers/token-life.ts';
import { CONTRACT_VERSION, type SessionCaptured } from '../../shared/contract.ts';
import { hostPattern } from '../../shared/urls.ts';
import { callSigned, checkSession, nameDelivery } from './wire.ts';

/** Tries a destination without a real token: permission, proof, and a dry run of a delivery. Stops at the first step that fails. */
export async function testDestination(account: Account, destination: Destination): Promise<TestStep[]> {
  const granted = await grantedHosts();
  const isAllowed = isGranted(granted, hostPattern(destination.url)) && mayHandOn(granted);
  const permission: TestStep = {
    name: say('test_permission'),
    ok: isAllowed,
    says: isAllowed ? say('test_allowed') : tellTrouble('no_permission'),
  };
  if (!isAllowed) return [permission];
  return [permission, ...(await testKind(account, destination))];
}

function testKind(account: Account, destination: Destination): Promise<TestStep[]> {
  if (destination.kind === 'signed') return testSigned(account, destination);
  return isOpenAlgo(destination) ? testOpenAlgo(account, destination) : testPlain(destination);
}

/** Whatever OpenAlgo says of its session, it is an OpenAlgo that says it. */
async function testOpenAlgo(account: Account, destination: Destination): Promise<TestStep[]> {
  const { outcome } = await checkSession(account, destination);
  const code = outcome.kind === 'trouble' ? outcome.trouble.code : null;
  const says = code === null ? say('test_openalgo') : tellTrouble(code);
  return [{ name: say('label_address'), ok: code === null || isOfApp(code), says }];
}

async function testSigned(account: Account, destination: Destination): Promise<TestStep[]> {
  const { outcome } = await checkSession(account, destination);
  if (outcome.kind !== 'reported') return [failed('test_proof', outcome.kind === 'trouble' ? outcome.trouble : null)];
  const proof: TestStep = {
    name: say('test_proof'),
    ok: true,
    says: say('test_proven'),
  };
  const name = outcome.answer.account;
  if (name !== account.name)
    return [proof, { name: say('label_account'), ok: false, says: say('test_other_account', name, account.name) }];
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
    broker: account.broker,
    token: { kind: broker.token.kind, value },
    captured_at: new Date(now).toISOString(),
    expires_at: new Date(tokenExpiry(broker, now)).toISOString(),
    expected_user: account.expectedUser,
    dry_run: true,
  };
  const id = await nameDelivery(account, destination, value);
  if (!id) return failed('test_dry_run', { code: 'no_key', at: now });
  const { outcome } = await callSigned(destination, id, JSON.stringify(message));
  const isDry = outcome.kind === 'applied' && outcome.answer.status === 'dry_run';
  if (isDry) return { name: say('test_dry_run'), ok: true, says: say('test_dry') };
  return failed('test_dry_run', outcome.kind === 'trouble' ? outcome.trouble : null);
}

/** A plain destination would take any token for a real one, so nothing is sent to it: only that a server answers can be seen. */
async function testPlain({ url }: Destination): Promise<TestStep[]> {
  const result = await callHttp({ url, method: 'OPTIONS', headers: {} });
  if (result.kind !== 'response') return [failed('label_address', { code: result.kind, at: Date.now() })];
  const says = say('test_answers', result.status);
  return [{ name: say('label_address'), ok: result.status !== 404, says }];
}

function failed(name: 'test_proof' | 'test_dry_run' | 'label_address', trouble: Trouble | null): TestStep {
  const says = [tellTrouble(trouble?.code ?? 'not_contract'), trouble?.words].filter(Boolean).join(' ');
  return { name: say(name), ok: false, says };
}
