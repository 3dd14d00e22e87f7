import type { BrokerId } from '../contract.ts';
import type { Broker } from './broker.ts';
import { icici } from './icici.ts';
import { zerodha } from './zerodha.ts';

export const brokers: Record<BrokerId, Broker> = { zerodha, icici };

/** The https origins of a broker: what a provenance is compared with. */
export function brokerOrigins(broker: Broker): string[] {
  return broker.hosts.map((host) => `https://${host}`);
}
