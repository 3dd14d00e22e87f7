import type { BrokerId } from '../../../utils/domain/contract.ts';
import type { BrokerClient } from '../session/client.ts';
import type { Enter } from '../session/entry.ts';
import type { Signer } from '../session/verify-request.ts';
import { type Adopter, adopt, type TakenUp } from './adopt.ts';

/** Takes a token of the `.env` file up: Kite's variable holds a session as it is, Breeze's the token that one is made from. */
export function createTakeUp(
  adopter: Adopter & { clients: Record<BrokerId, BrokerClient | null> },
  signers: readonly Signer[],
) {
  return async (name: BrokerId, token: string, enter: Enter): Promise<TakenUp> => {
    const signer = signers.find(({ account }) => account.name === name);
    const client = adopter.clients[name];
    if (name === 'zerodha' && signer !== undefined && client !== null) return adopt(adopter, signer, client, token);
    const outcome = await enter(name, token);
    if (outcome.ok) return outcome.type === 'session.applied' && outcome.status === 'applied' ? 'applied' : 'known';
    return outcome.reason === 'unavailable' || outcome.reason === 'rate_limited' ? 'unavailable' : 'refused';
  };
}
