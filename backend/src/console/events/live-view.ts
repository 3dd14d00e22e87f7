import type { LogEvent } from '../../log/log.ts';
import type { Parts } from '../../parts.ts';
import { createHub } from './hub.ts';
import { eventRoutes } from './routes.ts';
import { type SnapshotOptions, takeSnapshot } from './snapshot.ts';
import { createTickStream } from './tick-stream.ts';

/** Where everything stands, as the page and its events show it. */
export function createLiveView(
  { config, store, keeper, ticks, usage, now }: Parts,
  shown: Pick<SnapshotOptions, 'isFallingBack' | 'alerts'>,
) {
  const snapshot = () =>
    takeSnapshot(
      {
        ...shown,
        ...store,
        keeper,
        accounts: config.accounts,
        broken: config.broken,
        hasFallback: config.fallback !== 'off',
        savesToken: config.saveTokenTo !== null,
        services: usage.list,
      },
      now(),
    );
  const hub = createHub(snapshot);
  const prices = createTickStream(ticks);
  return {
    hear: (event: LogEvent) => hub.hear(event),
    routes: () => eventRoutes(hub, prices, snapshot),
    stop(): void {
      hub.close();
      prices.close();
    },
  };
}
