import type { Broker } from './broker.ts';
import { type BrokerId, brokers as listed } from './list.ts';

export const brokers: Record<BrokerId, Broker> = listed;
export const BROKER_IDS = Object.keys(listed) as [BrokerId, ...BrokerId[]];

/** The https origins of a broker: what a provenance is compared with. */
export function brokerOrigins(broker: Broker): string[] {
  return broker.hosts.map((host) => `https://${host}`);
}
