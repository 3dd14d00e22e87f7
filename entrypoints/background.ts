import { defineBackground } from 'wxt/utils/define-background';
import { brokers } from '../utils/domain/brokers/index.ts';
import { PageMessage } from '../utils/domain/messages.ts';
import { check } from '../utils/domain/schema.ts';
import { speak } from '../utils/domain/words.ts';
import { onAlarm } from '../utils/platform/alarms.ts';
import { onBrokerPageShown } from '../utils/platform/broker-pages.ts';
import { browserLanguage } from '../utils/platform/language.ts';
import { onInstalled, onStartup, onUpdateAvailable } from '../utils/platform/lifecycle.ts';
import { listenToNavigations } from '../utils/platform/listeners.ts';
import { onMenu } from '../utils/platform/menu.ts';
import { onMessage } from '../utils/platform/messages.ts';
import { onNotices } from '../utils/platform/notify.ts';
import { onOnline } from '../utils/platform/online.ts';
import { onPermissionsChanged } from '../utils/platform/permissions.ts';
import { closePreferences } from '../utils/platform/preferences.ts';
import { openWelcome } from '../utils/platform/tabs.ts';
import { obey } from '../utils/services/commands.ts';
import { takeAnswer, takeBrokerPage, takeLeftovers, takeNavigation, takePage } from '../utils/services/intake.ts';
import { log } from '../utils/services/log.ts';
import { brokerPageShown } from '../utils/services/login-tabs.ts';
import { pressMenu } from '../utils/services/menu.ts';
import { pressNotice, pressNoticeButton } from '../utils/services/notices.ts';
import { backOnline } from '../utils/services/online.ts';
import { permissionsChanged } from '../utils/services/permissions.ts';
import { pulse } from '../utils/services/pulse.ts';
import { updateWhenIdle } from '../utils/services/update.ts';
import { takeDashboards } from '../utils/services/waiting.ts';
import { watch } from '../utils/services/watch.ts';

const brokerUrls = Object.values(brokers).flatMap(({ hosts }) => hosts.map((host) => `https://${host}/*`));

// Every listener is registered in the first turn: one registered later misses the event that woke the worker.
export default defineBackground(() => {
  speak(browserLanguage());
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
  onBrokerPageShown(brokerUrls, brokerPageShown);
  onNotices({
    click: (account) => void pressNotice(account),
    button: (account, index) => void pressNoticeButton(account, index),
  });
  onMenu((id) => void pressMenu(id));
  takeDashboards();
  onAlarm(() => void pulse());
  onOnline(() => void backOnline());
  onPermissionsChanged(() => void permissionsChanged());
  onStartup(() => void pulse());
  onInstalled(() => void openWelcome());
  onUpdateAvailable(() => void updateWhenIdle());
  log({ event: 'started' });
  void closePreferences();
  void takeLeftovers().then(watch).then(pulse);
});
