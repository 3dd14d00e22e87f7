import type { LogEvent } from '../../log/log.ts';
import type { Parts } from '../../parts.ts';
import { createHub } from './hub.ts';
import { eventRoutes } from './routes.ts';
import { type SnapshotOptions, takeSnapshot } from './snapshot.ts';

/** Where everything stands, as the page and its events show it. */
export function createLiveView(
  { config, store, keeper, usage, now }: Parts,
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
  return {
    hear: (event: LogEvent) => hub.hear(event),
    routes: () => eventRoutes(hub, snapshot),
    stop: () => hub.close(),
  };
}
