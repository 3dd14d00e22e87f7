import { defineBackground } from 'wxt/utils/define-background';
import { check } from '../utils/domain/base/check.ts';
import { speak } from '../utils/domain/base/words.ts';
import { PageMessage } from '../utils/domain/hold/messages.ts';
import { onBrokerPageShown } from '../utils/platform/network/broker-pages.ts';
import { listenToNavigations } from '../utils/platform/network/listeners.ts';
import { onOnline } from '../utils/platform/network/online.ts';
import { onAlarm } from '../utils/platform/runtime/alarms.ts';
import { browserLanguage } from '../utils/platform/runtime/language.ts';
import { onInstalled, onStartup, onUpdateAvailable } from '../utils/platform/runtime/lifecycle.ts';
import { onMessage } from '../utils/platform/runtime/messages.ts';
import { onPermissionsChanged } from '../utils/platform/runtime/permissions.ts';
import { closePreferences } from '../utils/platform/storage/preferences.ts';
import { onMenu } from '../utils/platform/toolbar/menu.ts';
import { onNotifications } from '../utils/platform/toolbar/notifications.ts';
import { onTabReplaced, openWelcome } from '../utils/platform/toolbar/tabs.ts';
import { takeAnswer } from '../utils/services/capture/answers.ts';
import { takeLeftovers, takeNavigation } from '../utils/services/capture/intake.ts';
import { takePage } from '../utils/services/capture/page.ts';
import { obey } from '../utils/services/inbound/commands.ts';
import { pressMenu } from '../utils/services/inbound/menu.ts';
import { pressNotification, pressNotificationButton } from '../utils/services/inbound/notifications.ts';
import { backOnline } from '../utils/services/inbound/online.ts';
import { permissionsChanged } from '../utils/services/inbound/permissions.ts';
import { updateWhenIdle } from '../utils/services/inbound/update.ts';
import { takeDashboards } from '../utils/services/inbound/waiting.ts';
import { followTab, takeBrokerPage } from '../utils/services/logins/login-pages.ts';
import { brokerPageShown } from '../utils/services/logins/login-tabs.ts';
import { showSealedPage, showStrandedPages } from '../utils/services/logins/sealed-page.ts';
import { leaveLogOuts, takeShownPage } from '../utils/services/logins/shown-pages.ts';
import { pulse } from '../utils/services/pulse/pulse.ts';
import { watch } from '../utils/services/settings/watch.ts';
import { log } from '../utils/services/store/log.ts';
import { brokers } from '../utils/shared/brokers/index.ts';

const brokerUrls = Object.values(brokers).flatMap(({ hosts }) => hosts.map((host) => `https://${host}/*`));

// Every listener is registered in the first turn: one registered later misses the event that woke the worker.
export default defineBackground(() => {
  speak(browserLanguage());
  listenToNavigations(brokerUrls, {
    redirect: takeNavigation,
    brokerPage: (seen) => void takeBrokerPage(seen),
    sealed: (tab) => void showSealedPage(tab),
    answer: (seen) => void takeAnswer(seen),
  });
  onMessage((message, sender) => {
    if (sender.kind === 'own-page') return obey(message, sender.tab);
    if (sender.kind === 'stranger') return undefined;
    const said = check(PageMessage, message);
    return said.ok ? takePage({ ...said.value, tab: sender.tab }) : undefined;
  });
  onBrokerPageShown(brokerUrls, (page) => {
    brokerPageShown(page.tab);
    void takeShownPage(page);
  });
  onNotifications({
    click: (account) => void pressNotification(account),
    button: (account, index) => void pressNotificationButton(account, index),
  });
  onTabReplaced((tab, former) => void followTab(tab, former));
  onMenu((id) => void pressMenu(id));
  takeDashboards();
  onAlarm(() => void showStrandedPages().then(leaveLogOuts).then(pulse));
  onOnline(() => void backOnline());
  onPermissionsChanged(() => void permissionsChanged());
  onStartup(() => void pulse());
  onInstalled(() => void openWelcome());
  onUpdateAvailable(() => void updateWhenIdle());
  log({ event: 'started' });
  void closePreferences();
  void takeLeftovers().then(showStrandedPages).then(watch).then(pulse);
});
