import { Registry } from 'prom-client';
import type { Log } from '../log/log.ts';
import { countEvents } from './counts.ts';
import { addGauges, type Snapshots } from './gauges.ts';

export interface Metrics {
  /** Counts what it hears. */
  log: Log;
  contentType: string;
  text(): Promise<string>;
}

/** Prometheus metrics from the events of the log and from what is read at a scrape. Every label has a closed set of values. */
export function createMetrics(snapshots: Snapshots): Metrics {
  const registry = new Registry();
  addGauges(registry, snapshots);
  return { log: countEvents(registry, snapshots), contentType: registry.contentType, text: () => registry.metrics() };
}
