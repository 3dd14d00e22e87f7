import type { BrokerId } from '../contract.ts';
import type { Broker } from './broker.ts';
import { icici } from './icici.ts';
import { zerodha } from './zerodha.ts';

export const brokers: Record<BrokerId, Broker> = { zerodha, icici };

/** The broker that serves this host, or null. */
export function brokerOfHost(hostname: string): Broker | null {
  return Object.values(brokers).find((broker) => broker.hosts.includes(hostname)) ?? null;
}

/** The https origins of a broker: what a provenance is compared with. */
export function brokerOrigins(broker: Broker): string[] {
  return broker.hosts.map((host) => `https://${host}`);
}
