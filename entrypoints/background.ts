import { defineBackground } from 'wxt/utils/define-background';
import { brokers } from '../utils/domain/brokers/index.ts';
import { PageMessage } from '../utils/domain/messages.ts';
import { check } from '../utils/domain/schema.ts';
import { onAlarm } from '../utils/platform/alarms.ts';
import { onInstalled, onStartup, onUpdateAvailable } from '../utils/platform/lifecycle.ts';
import { listenToNavigations } from '../utils/platform/listeners.ts';
import { onMessage } from '../utils/platform/messages.ts';
import { onPermissionsChanged } from '../utils/platform/permissions.ts';
import { closePreferences } from '../utils/platform/preferences.ts';
import { openOptions } from '../utils/platform/tabs.ts';
import { obey } from '../utils/services/commands.ts';
import { takeAnswer, takeBrokerPage, takeLeftovers, takeNavigation, takePage } from '../utils/services/intake.ts';
import { log } from '../utils/services/log.ts';
import { permissionsChanged } from '../utils/services/permissions.ts';
import { pulse } from '../utils/services/pulse.ts';
import { updateWhenIdle } from '../utils/services/update.ts';
import { watch } from '../utils/services/watch.ts';

const brokerUrls = Object.values(brokers).flatMap(({ hosts }) => hosts.map((host) => `https://${host}/*`));

// Every listener is registered in the first turn: one registered later misses the event that woke the worker.
export default defineBackground(() => {
  listenToNavigations(brokerUrls, {
    redirect: takeNavigation,
    brokerPage: (seen) => void takeBrokerPage(seen),
    answer: (seen) => void takeAnswer(seen),
  });
  onMessage((message, sender) => {
    if (sender.kind === 'own-page') return obey(message, sender.tab);
    if (sender.kind === 'stranger') return undefined;
    const said = check(PageMessage, message);
    return said.ok ? takePage(said.value.url, sender.tab) : undefined;
  });
  onAlarm(() => void pulse());
  onPermissionsChanged(() => void permissionsChanged());
  onStartup(() => void pulse());
  onInstalled(() => void openOptions());
  onUpdateAvailable(() => void updateWhenIdle());
  log({ event: 'started' });
  void closePreferences();
  void takeLeftovers().then(watch).then(pulse);
});
